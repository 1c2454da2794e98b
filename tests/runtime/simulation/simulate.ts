import type { RunHandle, Runtime, RunView } from '../../../runtime/api.ts'
import { canonical } from '../../../runtime/canonical.ts'
import type { Context } from '../../../runtime/define-node.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import { createMemoryStorage } from '../../../runtime/memory/create-memory-storage.ts'
import { type FaultPlan, withFaults } from '../../../runtime/memory/with-faults.ts'
import type { DecisionInput } from '../../../runtime/review.ts'
import type { RunEvent } from '../../../runtime/run/events.ts'
import type { JournalEntry } from '../../../runtime/storage.ts'
import { type Bench, bench, blobsOver, seededRandom, sha256 } from '../../tools/engine.ts'
import type { Lab } from '../../tools/nodes.ts'
import { randomWorkflow } from '../../tools/random-workflow.ts'

/** Types of the lab whose steps may begin before what they depend on is kept. */
const pure = new Set(['text', 'shout', 'join', 'words', 'collect', 'gather', 'choice'])
const leaseMs = 20_000

interface Process {
  pid: number
  runtime: Runtime
  lab: Lab
  handle?: RunHandle
  /** Nothing it does reaches anything any more. */
  dead: boolean
  /** Its calls wait until this time: it sleeps, and may find its run taken over when it wakes. */
  asleepUntil: number
}

/** What was promised to somebody, and so must hold for ever. */
interface Promised {
  finished: Map<string, string>
  told: Map<number, string>
  seeds: Map<string, string>
  decided: Map<string, string>
  cancelled: boolean
}

export interface Simulated {
  view: RunView
  events: RunEvent[]
  crashes: number
  faults: number
}

/**
 * One run of a random workflow on an unreliable storage, with processes that crash, sleep and take over from one
 * another, and people who decide and cancel. Throws when a promise of runtime/SPEC.md is broken.
 */
export async function simulate(seed: number): Promise<Simulated> {
  const world = makeWorld(seed)
  await world.begin()
  const turns = 2 + Math.floor(world.random() * 8)
  for (let i = 0; i < turns; i++) await world.turn()
  return world.finish()
}

function makeWorld(seed: number) {
  const random = seededRandom(seed)
  const chance = (share: number) => random() < share
  const storage = createMemoryStorage({ hash: sha256 })
  const all: Bench = bench({ storage, random })
  const { clock } = all
  const unreliable = chance(0.7) ? random() * 0.15 : 0
  const workflow = randomWorkflow(random)
  const promised: Promised = {
    finished: new Map(),
    told: new Map(),
    seeds: new Map(),
    decided: new Map(),
    cancelled: false,
  }
  let pids = 100
  let crashes = 0
  let faults = 0
  let id = ''
  let present = makeProcess(unreliable)
  const sleeping: Process[] = []
  const broken: string[] = []

  function makeProcess(faulty: number): Process {
    const pid = ++pids
    const process: Partial<Process> & { pid: number } = { pid, dead: false, asleepUntil: 0 }
    const door = withFaults(storage, async (operation) => {
      if (process.dead) return new Promise<undefined>(() => {})
      while ((process.asleepUntil ?? 0) > clock.now()) await after((process.asleepUntil ?? 0) - clock.now())
      return chance(faulty) ? spoil(operation) : undefined
    })
    const made = all.process({
      storage: door,
      blobs: blobsOver(door),
      holder: { pid, host: 'here', started: pid },
    })
    made.lab.behave = (ctx, name) => behave(process as Process, ctx, name)
    return Object.assign(process as Process, made)
  }

  function after(ms: number): Promise<void> {
    return new Promise((resolve) => clock.after(ms, resolve))
  }

  async function spoil({ call }: Parameters<FaultPlan>[0]): Promise<Awaited<ReturnType<FaultPlan>>> {
    const isWrite =
      call === 'journal.append' ||
      call === 'results.put' ||
      call === 'journal.release' ||
      call === 'journal.heartbeat'
    faults++
    if (chance(0.4)) await after(random() * 3_000)
    if (!isWrite && call !== 'journal.acquire' && call !== 'journal.create') return undefined
    if (isWrite && chance(0.3)) throw new Error('simulated: it did not arrive')
    if (chance(0.3)) return { loseAnswer: new Error('simulated: the answer was lost') }
    return isWrite && chance(0.3) ? { twice: true } : undefined
  }

  /** What a node does in the simulated world, and what must hold when it begins. */
  function behave(process: Process, ctx: Context<Lab>, name: string): Promise<void> | undefined {
    if (process.dead) return new Promise(() => {})
    if (ctx.step.run !== id) return undefined
    const type = workflow.nodes[ctx.step.node]?.type ?? ''
    const looked = lookAround(process, ctx, name, type)
    const slow = chance(0.5) ? after(random() * 2_000) : Promise.resolve()
    const error = chance(0.08)
      ? new PlanographError(chance(0.7) ? 'unreachable' : 'invalid', 'simulated')
      : undefined
    if (pure.has(type) && chance(0.5) && !error) return undefined
    return Promise.all([looked, slow]).then(() => {
      if (process.dead) return new Promise<void>(() => {})
      if (error) throw error
      return undefined
    })
  }

  /** The journal in memory answers with what it holds at the moment of the call. */
  async function lookAround(process: Process, ctx: Context<Lab>, name: string, type: string): Promise<void> {
    const key = ctx.step.key
    const cancelled = promised.cancelled
    const finished = promised.finished.has(key)
    const [head, entries] = await Promise.all([storage.journal.head(id), storage.journal.read(id)])
    const isOurs = head?.holder?.pid === process.pid
    if (pure.has(type) && !isOurs) return
    if (cancelled) broken.push(`P6: "${name}" began after the cancel was acknowledged`)
    if (finished) broken.push(`P2: "${name}" was told as finished and began again`)
    if (pure.has(type)) return
    if (!isOurs) broken.push(`P3: "${name}" began in a process that does not hold the run`)
    if (!entries.some(({ event }) => event.type === 'step.started' && keyOf(event.step) === key))
      broken.push(`P2: "${name}" began before its start was kept`)
  }

  function keyOf({ node, index, round }: { node: string; index: string; round: number }): string {
    const at = index === '' ? node : `${node}[${index}]`
    return `${id}:${round === 1 ? at : `${at}#${round}`}`
  }

  function hear(process: Process, handle: RunHandle): void {
    process.handle = handle
    handle.listen((message) => {
      if (process.dead || !('seq' in message)) return
      promised.told.set(message.seq, canonical(message.event))
      if (message.event.type === 'step.done')
        promised.finished.set(keyOf(message.event.step), canonical(message.event.outputs))
    })
  }

  async function begin(): Promise<void> {
    const started = await tried(present.runtime.start(workflow))
    if (!started) {
      present = makeProcess(0)
      return begin()
    }
    id = started.id
    hear(present, started)
    await clock.pass(random() * 500)
  }

  /** The answer, or nothing when the call failed or hangs in a process that died. */
  async function tried<T>(call: Promise<T>): Promise<T | undefined> {
    return clock.until(Promise.race([call.catch(() => undefined), after(60_000).then(() => undefined)]))
  }

  async function takeUp(faulty: number): Promise<void> {
    present = makeProcess(faulty)
    for (let attempt = 0; attempt < 5 && !present.handle; attempt++) {
      const handle = await tried(present.runtime.resume(id))
      if (handle) hear(present, handle)
      else await clock.pass(leaseMs + 1_000)
    }
  }

  async function turn(): Promise<void> {
    const what = random()
    if (what < 0.3) await clock.pass(random() * 3_000)
    else if (what < 0.42) await crash()
    else if (what < 0.5) await sleep()
    else if (what < 0.54) await leave()
    else if (what < 0.57) await cancel()
    else await decide()
  }

  async function crash(): Promise<void> {
    crashes++
    present.dead = true
    await takeUp(unreliable)
  }

  /** Longer than its lease: somebody else takes over, and then it wakes. */
  async function sleep(): Promise<void> {
    sleeping.push(present)
    present.asleepUntil = clock.now() + leaseMs + 5_000 + random() * 20_000
    await clock.pass(leaseMs + 1_000)
    await takeUp(unreliable)
  }

  async function leave(): Promise<void> {
    await tried(present.runtime.close())
    await takeUp(unreliable)
  }

  async function cancel(): Promise<void> {
    const done = await tried(present.runtime.cancel(id).then(() => true))
    if (done) promised.cancelled = true
  }

  async function decide(): Promise<void> {
    const view = present.handle && (await tried(present.handle.view()))
    const open = view?.reviews.filter(({ decision }) => !decision) ?? []
    const review = open[Math.floor(random() * open.length)]
    if (!review || !present.handle) return void (await clock.pass(random() * 1_000))
    const decision = someDecision(review.value)
    const answer = await tried(present.handle.decide(review.id, decision))
    if (answer) note(review.id, answer.decision)
    if (answer && chance(0.5)) await again(review.id, decision)
  }

  function someDecision(value: unknown): DecisionInput {
    const what = random()
    if (what < 0.4) return { kind: 'approve' }
    if (what < 0.5 && Array.isArray(value) && value.length > 0) return { kind: 'pick', items: [0] }
    if (what < 0.65) return { kind: 'revise' }
    if (what < 0.85) return { kind: 'revise', feedback: `more ${Math.floor(random() * 3)}` }
    return what < 0.95 ? { kind: 'approve', comment: 'good' } : { kind: 'reject' }
  }

  function note(review: string, decision: unknown): void {
    const said = canonical(decision)
    const before = promised.decided.get(review)
    if (before !== undefined && before !== said) broken.push(`P4: review "${review}" has two answers`)
    promised.decided.set(review, said)
  }

  /** The same body once more gets the same answer; another body gets none. */
  async function again(review: string, decision: DecisionInput): Promise<void> {
    const { handle } = present
    if (!handle) return
    const same = await tried(handle.decide(review, decision))
    if (same) note(review, same.decision)
    if (await tried(handle.decide(review, { kind: 'approve', comment: 'otherwise' })))
      broken.push(`P4: review "${review}" took a second answer`)
  }

  async function finish(): Promise<Simulated> {
    present.dead = true
    await clock.pass(leaseMs + 1_000)
    await takeUp(0)
    const { handle } = present
    if (!handle) throw new Error('The run could not be taken up.')
    let view = await clock.until(handle.idle())
    for (let rounds = 0; view.status === 'waiting' && rounds < 50; rounds++) {
      for (const { id: review } of view.reviews.filter(({ decision }) => !decision))
        await clock.until(handle.decide(review, { kind: 'approve', by: 'end' }).catch(() => undefined))
      view = await clock.until(handle.idle())
    }
    for (const process of sleeping) await clock.pass(Math.max(0, process.asleepUntil - clock.now()) + 2_000)
    return check(await handle.view())
  }

  async function check(view: RunView): Promise<Simulated> {
    const entries = await storage.journal.read(id)
    checkJournal(entries)
    if (!['done', 'failed', 'rejected', 'cancelled'].includes(view.status))
      broken.push(`P1: the run ended as ${view.status}`)
    if (promised.cancelled && view.status !== 'cancelled' && !hasEndedBefore(entries))
      broken.push('P6: a cancelled run went on')
    const folded = await makeProcess(0).runtime.view(id)
    if (canonical(folded) !== canonical(view))
      broken.push(`P1: the journal says something else than the run: ${difference(folded, view)}`)
    if (broken.length > 0) throw new Error([...new Set(broken)].join('\n'))
    return { view, events: entries.map(({ event }) => event), crashes, faults }
  }

  function hasEndedBefore(entries: JournalEntry[]): boolean {
    return entries.some(({ event }) => event.type === 'run.finished' && event.status !== 'cancelled')
  }

  function checkJournal(entries: JournalEntry[]): void {
    const done = new Set<string>()
    const decided = new Map<string, string>()
    for (const { seq, event } of entries) {
      const told = promised.told.get(seq)
      if (told !== undefined && told !== canonical(event))
        broken.push(`P2: event ${seq} is not what was told`)
      if (event.type === 'step.done' || (event.type === 'step.failed' && event.retryAt === undefined)) {
        const key = keyOf(event.step)
        if (done.has(key)) broken.push(`P3: "${key}" has two outcomes`)
        done.add(key)
      }
      if (event.type !== 'review.decided') continue
      if (decided.has(event.review)) broken.push(`P4: review "${event.review}" was decided twice`)
      decided.set(event.review, canonical(event.decision))
    }
    for (const seq of promised.told.keys())
      if (seq > entries.length) broken.push(`P2: event ${seq} was told and is lost`)
    for (const [review, decision] of promised.decided)
      if (decided.get(review) !== decision) broken.push(`P4: the answer to "${review}" is lost`)
    if (entries.filter(({ event }) => event.type === 'run.finished').length > 1)
      broken.push('P3: the run ended twice')
    checkSeeds(entries)
  }

  /** P7: what was drawn for a step and round is recorded once, and every attempt uses it. */
  function checkSeeds(entries: JournalEntry[]): void {
    for (const { event } of entries) {
      if (event.type === 'review.decided')
        for (const { step, seed } of event.anew ?? [])
          if (seed !== undefined)
            promised.seeds.set(keyOf({ ...step, round: step.round + 1 }), canonical(seed))
      if (event.type !== 'step.done' && event.type !== 'step.failed') continue
      const seed = event.parts?.values.seed
      if (seed === undefined) continue
      const key = keyOf(event.step)
      const before = promised.seeds.get(key)
      if (before !== undefined && before !== canonical(seed)) broken.push(`P7: "${key}" had two seeds`)
      promised.seeds.set(key, canonical(seed))
    }
  }

  return { random, begin, turn, finish }
}

function difference(a: object, b: object): string {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const left = canonical(Reflect.get(a, key) ?? null)
    const right = canonical(Reflect.get(b, key) ?? null)
    if (left !== right) return `${key}: ${left.slice(0, 1500)} and ${right.slice(0, 1500)}`
  }
  return 'nothing'
}
