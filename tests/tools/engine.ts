import { createHash } from 'node:crypto'
import type { Runtime, RuntimeOptions } from '../../runtime/api.ts'
import { createCatalog } from '../../runtime/catalog.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { AnyNode, Blobs } from '../../runtime/define-node.ts'
import { PlanographError } from '../../runtime/errors.ts'
import { createRuntime } from '../../runtime/execute/runtime.ts'
import { createMemoryStorage } from '../../runtime/memory/create-memory-storage.ts'
import type { Storage } from '../../runtime/storage.ts'
import { Workflow } from '../../runtime/workflow/schema.ts'

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
      throw new PlanographError('invalid', `The blob ${blob} is gone.`, { code: 'blob-gone', hint: 'Run again.' })
    },
    write: async (bytes, mime, size) => ({ blob: await storage.blobs.put(bytes), mime, bytes: bytes.length, ...size }),
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
    hash: (text) => createHash('sha256').update(text).digest('hex'),
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
    nodes: Object.fromEntries(Object.entries(nodes).map(([id, [type, values, rest]]) => [id, { type, values, ...rest }])),
    edges: edges.map((edge) => {
      const [from, to] = edge.split(' > ')
      return { from, to }
    }),
    ...more,
  })
}
