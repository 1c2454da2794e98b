import { failuresIn, type RunEvent, type StoredOutputs } from '../run/events.ts'
import type { Step } from '../run/state.ts'
import type { CachedResult } from '../storage.ts'
import { blobsIn } from '../values.ts'
import type { Attempt } from './attempt.ts'
import { breathe, type Made } from './env.ts'
import { end, type Prepared, type StepHost } from './step-host.ts'
import { loadOutputs, storeOutputs } from './stored.ts'

/** Results without progress, and in all, unless the node says otherwise. Milliseconds. */
const stallMs = 10 * 60_000
const totalMs = 2 * 60 * 60_000

/** Runs the node in a slot of its pool. Answers nothing when the attempt was given up. */
export async function compute(
  host: StepHost,
  step: Step,
  attempt: Attempt,
  prepared: Prepared,
): Promise<Made | undefined> {
  if (!attempt.live) return undefined
  const { env } = host
  const { definition, pure } = step.node.plan
  const pool = definition.uses?.(prepared.values).pool ?? 'local'
  if (!env.pool.tryTake(pool)) await env.pool.take(pool, host.order)
  try {
    await breathe(env)
    if (!attempt.live) return undefined
    await start(host, step, attempt, pure)
    if (!attempt.live) return undefined
    return await call(host, step, attempt, prepared)
  } finally {
    env.pool.release(pool)
  }
}

/** A step with effects outside starts only when everything before it, and its own start, is durable. */
async function start(host: StepHost, step: Step, attempt: Attempt, pure: boolean): Promise<void> {
  attempt.number = step.fact.attempt + 1
  attempt.startedAt = host.env.clock.now()
  attempt.lastSign = attempt.startedAt
  const event: RunEvent = {
    type: 'step.started',
    step: attempt.ref,
    attempt: attempt.number,
    at: attempt.startedAt,
  }
  if (pure) return host.begin(attempt, event)
  host.record(event)
  await host.committed()
}

async function call(
  host: StepHost,
  step: Step,
  attempt: Attempt,
  prepared: Prepared,
): Promise<CachedResult | undefined> {
  const { env } = host
  const { definition, id } = step.node.plan
  if (step.fact.round > 1 && step.fact.previous)
    attempt.previous = await loadOutputs(step.fact.previous, env.blobs)
  const running = definition.run(attempt, prepared.values)
  const returned = running instanceof Promise ? await withLimits(host, step, attempt, running) : running
  const outputs = await storeOutputs(step.node.plan, returned, env.blobs, step.fact)
  if (!attempt.live) return undefined
  end(host, attempt)
  const { key, requestKey, parts } = prepared
  const at = env.clock.now()
  const ms = at - attempt.startedAt
  const notes = attempt.notes
  const result: CachedResult = {
    key,
    nodeType: definition.type,
    outputs,
    notes,
    ms,
    bytes: bytesOf(outputs),
    madeAt: at,
  }
  const { options } = host.state()
  if (definition.cache === 'always' && !options.noCache && failuresIn(outputs).length === 0) {
    if (options.refresh?.includes(id)) await env.storage.results.delete([key])
    host.keep(result)
  }
  host.record({
    type: 'step.done',
    step: attempt.ref,
    attempt: attempt.number,
    at,
    ms,
    outputs,
    notes,
    key,
    requestKey,
    parts,
  })
  return result
}

function bytesOf(outputs: StoredOutputs): number {
  let bytes = 0
  for (const { bytes: size } of blobsIn(outputs)) bytes += size
  return bytes
}

/** The node's promise, or the failure of its limits, whichever comes first. A late node is told to stop and not waited for. */
function withLimits(host: StepHost, step: Step, attempt: Attempt, running: Promise<object>): Promise<object> {
  const { limits } = step.node.plan.definition
  return new Promise((resolve, reject) => {
    const leave = host.env.watch.add({
      attempt,
      stallMs: limits?.stallMs ?? stallMs,
      totalMs: limits?.totalMs ?? totalMs,
      late: (error) => {
        reject(error)
        attempt.stop(error)
      },
    })
    running.then(resolve, reject).finally(leave)
  })
}
