import type { Step } from '../run/state.ts'
import { Attempt } from './attempt.ts'
import { compute } from './compute-step.ts'
import type { Made } from './env.ts'
import { findResult } from './find-result.ts'
import { prepare } from './prepare-step.ts'
import { setAside } from './set-aside.ts'
import { end, type Prepared, type StepHost } from './step-host.ts'

/** Takes a step from ready to its outcome. Never throws: whatever goes wrong is the step's failure. */
export async function runStep(host: StepHost, step: Step): Promise<void> {
  const attempt = new Attempt(host, step)
  attempt.number = step.fact.attempt
  host.attempts.set(step.fact.key, attempt)
  let prepared: Prepared | undefined
  try {
    if (step.fact.retryAt !== undefined) await waitUntil(host, step.fact.retryAt)
    if (!attempt.live) return
    prepared = await prepare(host, step, attempt)
    if (!prepared || !attempt.live) return
    await obtain(host, step, attempt, prepared)
  } catch (error) {
    if (attempt.live) await setAside(host, step, attempt, error, prepared)
  }
}

/** Takes a result that is there, waits for an equal step at work, or computes. */
async function obtain(host: StepHost, step: Step, attempt: Attempt, prepared: Prepared): Promise<void> {
  const { inflight } = host.env
  const key = joinKey(host, step, prepared)
  if (key === undefined) return void (await compute(host, step, attempt, prepared))
  for (let twin = inflight.get(key); twin; twin = inflight.get(key)) {
    const joined = await twin
    if (joined) return finish(host, step, attempt, prepared, joined, 'cache')
    if (!attempt.live) return
  }
  const tell = announce(host, key)
  attempt.givenUp = () => tell(undefined)
  let made: Made | undefined
  try {
    const found = await findResult(host, step, prepared)
    if (found) finish(host, step, attempt, prepared, found.made, found.from)
    made = found?.made ?? (await compute(host, step, attempt, prepared))
  } finally {
    tell(made)
  }
}

/** Under which key equal steps take one another's results; undefined when this one must compute by itself. */
function joinKey(host: StepHost, step: Step, { key }: Prepared): string | undefined {
  const { definition, id } = step.node.plan
  const { refresh, noCache } = host.state().options
  if (refresh?.includes(id) || definition.asks || definition.cache === 'never') return undefined
  if (definition.cache === 'run') return `${host.run}/${key}`
  return noCache ? undefined : key
}

/** Lets equal steps wait for this one. The answer tells them, once. */
function announce({ env: { inflight } }: StepHost, key: string): (made: Made | undefined) => void {
  let tell: (made: Made | undefined) => void = () => {}
  const promise = new Promise<Made | undefined>((resolve) => {
    tell = resolve
  })
  inflight.set(key, promise)
  return (made) => {
    if (inflight.get(key) === promise) inflight.delete(key)
    tell(made)
  }
}

function finish(
  host: StepHost,
  step: Step,
  attempt: Attempt,
  { key, requestKey, parts }: Prepared,
  { outputs, notes }: Made,
  from: 'cache' | { run: string },
): void {
  if (!attempt.live) return
  end(host, attempt)
  const at = host.env.clock.now()
  host.record({
    type: 'step.done',
    step: attempt.ref,
    attempt: step.fact.attempt,
    at,
    ms: 0,
    outputs,
    notes,
    key,
    requestKey,
    parts,
    from,
  })
}

function waitUntil({ env }: StepHost, time: number): Promise<void> {
  const ms = time - env.clock.now()
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => env.clock.after(ms, resolve))
}
