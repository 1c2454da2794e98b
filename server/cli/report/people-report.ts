import type { RunView } from '../../../runtime/api.ts'
import { durationText } from '../duration.ts'
import { answer, type Io, say } from '../io.ts'
import { openFiles } from '../open-files.ts'
import { progressView } from '../render/progress.ts'
import { type Style, styleFor } from '../render/style.ts'
import { printable } from '../render/text-width.ts'
import { howToAnswer } from '../review/how-to-answer.ts'
import type { Outcome, Report } from './report.ts'

/** Progress and a summary on stderr; on stdout the files that were written, one per line. */
export function peopleReport(io: Io, open: boolean): Report {
  const progress = progressView(io)
  const style = styleFor(io.stderr, io.env)
  return {
    ...progress,
    async finish(view, outcome) {
      say(io, ...skippedLines(view, style), ...summary(view, outcome, style))
      answer(io, ...outcome.files)
      if (open) openFiles(outcome.files, io)
    },
  }
}

function skippedLines({ steps }: RunView, style: Style): string[] {
  return steps.flatMap(({ node, status, reason }) =>
    status === 'skipped' && reason ? [style.dim(`– ${node}  skipped: ${printable(reason)}`)] : [],
  )
}

function summary(view: RunView, { home }: Outcome, style: Style): string[] {
  const { id, status, createdAt, endedAt, reason, reviews } = view
  const took = endedAt === undefined ? '' : ` in ${durationText(endedAt - createdAt)}`
  const resume = `planograph resume ${id}${home === undefined ? '' : ` --home ${home}`}`
  switch (status) {
    case 'done':
      return [style.green(`Done${took}.`)]
    case 'failed':
      return [
        style.red('Failed.'),
        `  What was finished is kept. After repairing the cause, run it again: only what failed is done anew.`,
      ]
    case 'rejected':
      return [style.yellow('Rejected.')]
    case 'cancelled':
      return [style.yellow('Cancelled.')]
    case 'waiting':
      return howToAnswer(
        id,
        reviews.filter(({ decision }) => decision === undefined),
        home,
      )
    case 'parked':
      return [style.yellow(`Parked: ${printable(reason ?? 'the time is up.')}`), `  Go on with: ${resume}`]
    case 'blocked':
      return [style.red(`Blocked: ${printable(reason ?? '')}`), `  Then go on with: ${resume}`]
    case 'queued':
    case 'running':
      return [`The run goes on in another process.`]
  }
}
