import type { RunMessage } from '../../../runtime/api.ts'
import { answer, type Io } from '../io.ts'
import type { Report } from './report.ts'
import { runDocument } from './run-document.ts'

/** A JSON line per event, live ones without `seq`; previews are left out. The document is the last line. */
export function eventReport(io: Io): Report {
  return {
    tell(message) {
      const line = lineOf(message)
      if (line) answer(io, JSON.stringify(line))
    },
    clear() {},
    async finish(view, outcome) {
      answer(io, JSON.stringify({ type: 'result', ...runDocument(view, outcome) }))
    },
  }
}

function lineOf(message: RunMessage): object | undefined {
  if ('event' in message) return { seq: message.seq, ...message.event }
  return message.live.type === 'preview' ? undefined : message.live
}
