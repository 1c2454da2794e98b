import { answer, type Io } from '../io.ts'
import { progressView } from '../render/progress.ts'
import type { Report } from './report.ts'
import { runDocument } from './run-document.ts'

/** Progress on stderr, one JSON document on stdout at the end. */
export function documentReport(io: Io): Report {
  const progress = progressView(io)
  return {
    ...progress,
    async finish(view, outcome) {
      answer(io, JSON.stringify(runDocument(view, outcome), null, 2))
    },
  }
}
