import type * as Options from '../commands/options.ts'
import type { Io } from '../io.ts'
import { documentReport } from './document-report.ts'
import { eventReport } from './event-report.ts'
import { peopleReport } from './people-report.ts'
import type { Report } from './report.ts'

/** The way of showing a run that the options ask for. */
export function reportFor(io: Io, { json, ndjson, open }: Options.Following): Report {
  if (ndjson) return eventReport(io)
  return json ? documentReport(io) : peopleReport(io, open ?? false)
}
