import type { ReviewView, RunHandle, RunView } from '../../runtime/api.ts'
import type { Problem } from '../../runtime/problem.ts'
import type { App } from '../app/open-app.ts'
import type * as Options from './commands/options.ts'
import { runExitCode } from './exit-code.ts'
import { type Io, say } from './io.ts'
import type { Report } from './report/report.ts'
import { reportFor } from './report/report-for.ts'
import { answerReview } from './review/answer-review.ts'
import { Interrupted } from './review/ask-review.ts'
import { filesOfSinks, writeOutputs } from './write-outputs.ts'

export interface Following {
  app: App
  io: Io
  mode: Options.ReviewMode
  options: Options.Following
  /** Warnings of the check, for the document. */
  warnings: Problem[]
}

/** Shows a run while it works, has its reviews answered, writes its outputs, and answers the exit code. */
export async function followRun(handle: RunHandle, following: Following): Promise<number> {
  const { app, io, options, warnings } = following
  const report = reportFor(io, options)
  const stop = handle.listen((message) => report.tell(message))
  const cancel = () => void handle.cancel('Ctrl-C').catch((error: unknown) => say(io, String(error)))
  io.signal.addEventListener('abort', cancel, { once: true })
  if (io.signal.aborted) cancel()
  try {
    const view = await followed(handle, following, report)
    const written = isOver(view) ? await writeOutputs(view, app, options, io) : []
    const files = [...filesOfSinks(view, app.catalog), ...written.map(({ file }) => file)]
    await report.finish(view, { files, written, warnings, home: options.home })
    return runExitCode(view)
  } finally {
    report.clear()
    stop()
    io.signal.removeEventListener('abort', cancel)
  }
}

const isOver = ({ status }: RunView) => status === 'done' || status === 'failed' || status === 'rejected'

/** Until the run ends, or waits for what is not answered here. */
async function followed(handle: RunHandle, following: Following, report: Report): Promise<RunView> {
  for (;;) {
    const view = await handle.idle()
    report.clear()
    if (view.status !== 'waiting' || following.io.signal.aborted) return view
    if (!(await answerAll(handle, view.reviews.filter(isOpen), following))) return await handle.view()
  }
}

const isOpen = ({ decision }: ReviewView) => decision === undefined

/** Whether any review got a decision: only then does the run go on. */
async function answerAll(handle: RunHandle, reviews: ReviewView[], following: Following): Promise<boolean> {
  let decided = false
  try {
    for (const review of reviews) {
      const decision = await answerReview(review, following)
      if (decision === 'later') continue
      await handle.decide(review.id, decision)
      decided = true
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    await handle.cancel('Ctrl-C')
    return true
  }
  return decided
}
