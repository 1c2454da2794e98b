import type { RunMessage, RunView } from '../../../runtime/api.ts'
import type { Problem } from '../../../runtime/problem.ts'
import type * as Options from '../commands/options.ts'
import type { Io } from '../io.ts'
import type { Written } from '../write-outputs.ts'
import { documentReport } from './document-report.ts'
import { eventReport } from './event-report.ts'
import { peopleReport } from './people-report.ts'

export interface Outcome {
  written: Written[]
  warnings: Problem[]
  /** As given with --home, for the commands that are suggested. */
  home?: string
}

/** How a run is shown: to people, as one document, or as a stream of events. */
export interface Report {
  tell(message: RunMessage): void
  /** Takes away what is drawn, so that something else can be shown. */
  clear(): void
  finish(view: RunView, outcome: Outcome): Promise<void>
}

export function reportFor(io: Io, { json, ndjson, open }: Options.Following): Report {
  if (ndjson) return eventReport(io)
  return json ? documentReport(io) : peopleReport(io, open ?? false)
}
