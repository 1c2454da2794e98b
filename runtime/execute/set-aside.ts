import { toFailure } from '../errors.ts'
import type { RunEvent } from '../run/events.ts'
import type { Step } from '../run/state.ts'
import type { Json } from '../values.ts'
import { Asked, type Attempt } from './attempt.ts'
import { hiddenValues } from './hidden-values.ts'
import { retryTime } from './retry.ts'
import { end, type Prepared, type StepHost } from './step-host.ts'
import { questionKey } from './takeover.ts'

/** An attempt that ended without a result: it asks, or it failed. */
export async function setAside(
  host: StepHost,
  step: Step,
  attempt: Attempt,
  error: unknown,
  prepared: Prepared | undefined,
): Promise<void> {
  if (!(error instanceof Asked) || !prepared) return fail(host, step, attempt, error, prepared)
  try {
    await openReview(host, step, attempt, error, prepared)
  } catch (unforeseen) {
    fail(host, step, attempt, unforeseen, prepared)
  }
}

async function openReview(
  host: StepHost,
  step: Step,
  attempt: Attempt,
  { review }: Asked,
  prepared: Prepared,
): Promise<void> {
  const before = host.state().options.planAnew || step.fact.round > 1 ? undefined : await host.takeover()
  if (!attempt.live) return
  end(host, attempt)
  const notes = [...(review.notes ?? []), ...hiddenValues(step.node.plan, review.value)]
  const opened: RunEvent = { type: 'review.opened', step: attempt.ref, review: { ...review, notes } }
  const decision = before?.decisions.get(questionKey(prepared.key, review.id))
  if (!before || !decision) return host.record(opened)
  const at = host.env.clock.now()
  host.record(opened, { type: 'review.decided', review: review.id, decision, at, from: { run: before.run } })
}

function fail(
  host: StepHost,
  step: Step,
  attempt: Attempt,
  error: unknown,
  prepared: Prepared | undefined,
): void {
  end(host, attempt)
  const { clock, random } = host.env
  const failure = withStep(toFailure(error), step)
  const at = clock.now()
  const retryAt = retryTime(failure, step.fact, step.node.plan.definition, at, random)
  const number = Math.max(attempt.number, step.fact.attempt)
  const key = prepared?.key
  const parts = prepared?.parts
  host.record({
    type: 'step.failed',
    step: attempt.ref,
    attempt: number,
    at,
    ms: at - attempt.startedAt,
    failure,
    retryAt,
    key,
    parts,
  })
}

function withStep<T extends { details?: Json }>(failure: T, { fact }: Step): T {
  const { details } = failure
  const known =
    typeof details === 'object' && details !== null && !Array.isArray(details) ? details : { details }
  return { ...failure, details: { node: fact.node, ...known } }
}
