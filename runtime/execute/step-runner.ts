import { keyOf, keyParts } from '../cache-key.ts'
import { toFailure } from '../errors.ts'
import {
  failuresIn,
  type KeyParts,
  type ResolvedAuto,
  type RunEvent,
  type StoredOutputs,
} from '../run/events.ts'
import type { RunState, Step } from '../run/state.ts'
import type { CachedResult } from '../storage.ts'
import { blobsIn, type Json } from '../values.ts'
import { type Assembled, assemble, auto, validated } from './assemble.ts'
import { Asked, Attempt, type AttemptHost } from './attempt.ts'
import { breathe, type Made } from './env.ts'
import { hiddenValues } from './hidden-values.ts'
import { retryTime } from './retry.ts'
import { loadOutputs, storeOutputs } from './stored.ts'
import { questionKey, type Takeover } from './takeover.ts'

/** What a step needs of its run. */
export interface StepHost extends AttemptHost {
  state: () => RunState
  order: number
  /** Applies the events, sends them on their way to the journal and does what follows. */
  record: (...events: RunEvent[]) => void
  keep: (result: CachedResult) => void
  /** Everything recorded so far is durable. */
  committed: () => Promise<void>
  /** Applies the start of a repeatable attempt; it is written only if the attempt lasts. */
  begin: (attempt: Attempt, event: RunEvent) => void
  takeover: () => Promise<Takeover | undefined>
  attempts: Map<string, Attempt>
}

interface Prepared {
  values: Assembled
  parts: KeyParts
  key: string
  requestKey?: string
}

/** Results without progress, and in all, unless the node says otherwise. Milliseconds. */
const stallMs = 10 * 60_000
const totalMs = 2 * 60 * 60_000

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

/** An attempt that ended without a result: it asks, or it failed. */
async function setAside(
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

/** Reads and checks the values, makes the choices that are open, and computes the key. */
async function prepare(host: StepHost, step: Step, attempt: Attempt): Promise<Prepared | undefined> {
  const { env } = host
  const { definition } = step.node.plan
  const assembled = await assemble(host.state(), step, env.blobs)
  if (definition.demand) {
    const fields = definition.demand(assembled).filter((field) => !step.fact.demanded.has(field))
    if (fields.length > 0) {
      end(host, attempt)
      host.record({ type: 'step.demanded', step: attempt.ref, fields })
      return undefined
    }
  }
  const resolved = definition.auto ? await resolveAuto(host, step, attempt, assembled) : undefined
  for (const name in definition.fields)
    if (definition.fields[name]?.default === auto && isOpen(assembled[name]))
      assembled[name] = resolved?.values[name] ?? null
  const values = validated(step, assembled)
  const { feedback } = step.fact
  const asked = feedback.map(({ text, drawing, items }): Json => ({ text, drawing, items }))
  const base = { definition, values, kind: env.catalog.kind, resolved, hash: env.hash }
  const parts = keyParts({ ...base, feedback: asked })
  const key = keyOf(parts, env.hash)
  const requestKey = asked.length > 0 ? keyOf(keyParts({ ...base, feedback: [] }), env.hash) : undefined
  return { values, parts, key, requestKey }
}

function isOpen(value: Json | undefined): boolean {
  return value === undefined || value === auto
}

/** Choices are recorded before the first attempt and never made again in this round. */
async function resolveAuto(
  host: StepHost,
  step: Step,
  attempt: Attempt,
  values: Assembled,
): Promise<ResolvedAuto> {
  const { definition, id } = step.node.plan
  const known = step.fact.resolved ?? host.state().created.resolved[id]
  if (known) return known
  const resolved = await definition.auto?.resolve(values, host.env.services)
  const { identity, values: chosen } = resolved ?? { values: {}, identity: undefined }
  const event = identity === undefined ? { values: chosen } : { values: chosen, identity }
  if (attempt.live) host.record({ type: 'step.resolved', step: attempt.ref, resolved: event })
  return event
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
    const found = await find(host, step, prepared)
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

interface Found {
  made: Made
  from: 'cache' | { run: string }
}

/** A cache that cannot be read has nothing. */
async function find(host: StepHost, step: Step, { key }: Prepared): Promise<Found | undefined> {
  if (step.node.plan.definition.cache === 'run') return findInRuns(host, step, key)
  const cached = await host.env.storage.results.get(key).catch(() => undefined)
  return cached && (await hasBlobs(host, cached.outputs)) ? { made: cached, from: 'cache' } : undefined
}

async function findInRuns(host: StepHost, step: Step, key: string): Promise<Found | undefined> {
  const own = host.state().results.get(key)
  if (own) return { made: own, from: 'cache' }
  if (step.fact.round > 1 && step.fact.feedback.length > 0) return undefined
  const before = await host.takeover()
  const result = before?.results.get(key)
  return before && result && (await hasBlobs(host, result.outputs))
    ? { made: result, from: { run: before.run } }
    : undefined
}

/** An entry whose pictures are gone is none. */
async function hasBlobs(host: StepHost, outputs: StoredOutputs): Promise<boolean> {
  for (const { blob } of blobsIn(outputs)) if (!(await host.env.storage.blobs.has(blob))) return false
  return true
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

/** Runs the node in a slot of its pool. Answers nothing when the attempt was given up. */
async function compute(
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

function end(host: StepHost, attempt: Attempt): void {
  attempt.live = false
  if (host.attempts.get(attempt.key) === attempt) host.attempts.delete(attempt.key)
}

function waitUntil({ env }: StepHost, time: number): Promise<void> {
  const ms = time - env.clock.now()
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => env.clock.after(ms, resolve))
}
