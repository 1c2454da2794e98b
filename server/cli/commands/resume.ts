import { resolve } from 'node:path'
import type { RunHandle, RunView } from '../../../runtime/api.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import { checkOut } from '../../app/check-out.ts'
import { parseDuration } from '../duration.ts'
import { followRun } from '../follow-run.ts'
import { type Io, say } from '../io.ts'
import { printable } from '../render/text-width.ts'
import { decisionFrom } from '../review/decide-options.ts'
import { reviewMode } from '../review/review-mode.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

/** `planograph resume`: goes on with a run, with the answer to one of its reviews if there is one. */
export async function resume(id: string, options: Options.Resume, io: Io): Promise<number> {
  const mode = reviewMode(options.review, io)
  const decision = options.answer === undefined ? undefined : decisionFrom(options, io.cwd)
  if (options.decision !== undefined && options.answer === undefined) throw noReviewNamed()
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout)
  await checkOut(resolve(io.cwd, options.out))
  return await withApp(options, io, async (app) => {
    await app.runtime.fireDue()
    const before = await app.runtime.view(id)
    const review = options.answer === undefined ? undefined : reviewNamed(options.answer, before)
    if (wasOver(before) && !decision) say(io, `Run ${id} has ended before: ${before.status}.`)
    const handle: RunHandle = await app.runtime.resume(id, {
      acceptVersions: options.acceptVersions,
      timeoutMs,
    })
    if (review && decision) await handle.decide(review, decision)
    return await followRun(handle, { app, io, mode, options, warnings: [] })
  })
}

const wasOver = ({ endedAt }: RunView) => endedAt !== undefined

/** A review by its id, or by its node where only one of them is open. */
function reviewNamed(name: string, { id, reviews }: RunView): string {
  if (reviews.some((review) => review.id === name)) return name
  const open = reviews.filter(({ node, decision }) => node === name && decision === undefined)
  const [only] = open
  if (only && open.length === 1) return only.id
  const names = reviews.filter(({ decision }) => decision === undefined).map((review) => review.id)
  throw new PlanographError('invalid', `Run ${id} has no review ${printable(name)}.`, {
    code: 'unknown-review',
    hint: names.length > 0 ? `Open are: ${names.join(', ')}.` : 'None of its reviews is open.',
  })
}

function noReviewNamed(): PlanographError {
  return new PlanographError('invalid', '--decision needs --answer: the review that it answers.', {
    code: 'usage',
    hint: '`planograph show <run>` lists its reviews.',
  })
}
