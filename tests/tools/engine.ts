import { createHash, hash } from 'node:crypto'
import type {
  RunHandle,
  Runtime,
  RuntimeOptions,
  RunView,
  StartOptions,
  StepView,
} from '../../runtime/api.ts'
import { createCatalog } from '../../runtime/catalog.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { AnyNode, Blobs } from '../../runtime/define-node.ts'
import { PlanographError } from '../../runtime/errors.ts'
import { createRuntime } from '../../runtime/execute/runtime.ts'
import { createMemoryStorage } from '../../runtime/memory/create-memory-storage.ts'
import { stepName } from '../../runtime/run/events.ts'
import type { Storage } from '../../runtime/storage.ts'
import { Workflow } from '../../runtime/workflow/schema.ts'
import { type Lab, labNodes, makeLab } from './nodes.ts'
import { type VirtualClock, virtualClock } from './virtual-clock.ts'

export const realClock: Clock = {
  now: Date.now,
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
}

export function blobsOver(storage: Storage): Blobs {
  return {
    async read({ blob }) {
      const bytes = await storage.blobs.get(blob)
      if (bytes) return bytes
      throw new PlanographError('invalid', `The blob ${blob} is gone.`, {
        code: 'blob-gone',
        hint: 'Run again.',
      })
    },
    write: async (bytes, mime, size) => ({
      blob: await storage.blobs.put(bytes),
      mime,
      bytes: bytes.length,
      ...size,
    }),
  }
}

/** A runtime over memory, deterministic but for time. */
export function makeRuntime(
  nodes: readonly AnyNode[],
  given: Partial<RuntimeOptions> = {},
): Runtime & { storage: Storage } {
  const storage = given.storage ?? createMemoryStorage()
  let ids = 0
  const runtime = createRuntime({
    catalog: createCatalog({ nodes }),
    services: {},
    hash: (text) => hash('sha256', text, 'hex'),
    clock: realClock,
    random: Math.random,
    newId: () => `run-${String(++ids).padStart(4, '0')}`,
    holder: { pid: process.pid, host: 'here', started: 1 },
    alive: (held) => held.expiry > Date.now(),
    blobs: blobsOver(storage),
    ...given,
    storage,
  })
  return Object.assign(runtime, { storage })
}

/** A workflow from the short form: nodes `{id: [type, values]}` and edges `'a.text > b.text'`. */
export function graph(
  nodes: { [id: string]: [type: string, values?: object, more?: object] },
  edges: string[] = [],
  more: object = {},
): Workflow {
  return Workflow.parse({
    planograph: 1,
    id: 'w',
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, [type, values, rest]]) => [
        id,
        { type, ...(values && { values }), ...rest },
      ]),
    ),
    edges: edges.map((edge) => {
      const [from, to] = edge.split(' > ')
      return { from, to }
    }),
    ...more,
  })
}

export interface Bench {
  lab: Lab
  clock: VirtualClock
  storage: Storage
  runtime: Runtime
  /** Another process on the same home, with its own nodes' memory. `over` sees what differs from the first. */
  process(over?: Partial<RuntimeOptions>): { lab: Lab; runtime: Runtime }
  /** Starts a run and lets time pass until nothing goes on any more. */
  run(workflow: Workflow, options?: StartOptions): Promise<RunView>
  /** Lets time pass until the run is idle. */
  idle(run: RunHandle): Promise<RunView>
}

/** A home in memory with a clock of its own, and a runtime over it with the nodes of the lab. */
export function bench(given: Partial<RuntimeOptions> = {}): Bench {
  const clock = virtualClock()
  const storage = given.storage ?? createMemoryStorage({ now: clock.now, hash: sha256 })
  const random = given.random ?? seededRandom(1)
  let pids = 0
  let ids = 0
  const process: Bench['process'] = (over = {}) => {
    const lab = makeLab()
    const pid = ++pids
    const runtime = createRuntime({
      catalog: createCatalog({ nodes: labNodes }),
      services: lab,
      hash: sha256,
      clock,
      random,
      newId: () => `run-${String(++ids).padStart(4, '0')}`,
      holder: { pid, host: 'here', started: pid },
      alive: (held) => held.expiry > clock.now(),
      storage,
      blobs: blobsOver(over.storage ?? storage),
      ...given,
      ...over,
    })
    return { lab, runtime }
  }
  const first = process()
  const idle = (run: RunHandle) => clock.until(run.idle())
  return {
    ...first,
    clock,
    storage,
    process,
    idle,
    run: async (workflow, options) => idle(await first.runtime.start(workflow, options)),
  }
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** mulberry32: small, and the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Step names with their statuses, in the order of the view. */
export function statuses(view: RunView): { [step: string]: string } {
  return Object.fromEntries(view.steps.map((step) => [stepName({ ...step, round: 1 }), step.status]))
}

export function stepOf(view: RunView, name: string): StepView {
  const step = view.steps.find((each) => stepName({ ...each, round: 1 }) === name)
  if (!step) throw new Error(`There is no step ${name} in ${Object.keys(statuses(view)).join(', ')}.`)
  return step
}

/** What the call threw. */
export async function refusal(call: Promise<unknown>): Promise<PlanographError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof PlanographError) return error
  throw new Error(`It was not refused: ${error}`)
}
