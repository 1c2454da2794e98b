import { createHash } from 'node:crypto'
import { exampleBytes } from '../../nodes/kinds/example-pictures.ts'
import type { Services } from '../../nodes/services/services.ts'
import type { AnyNode, Blobs, Context } from '../../runtime/define-node.ts'
import { type Failure, PlanographError } from '../../runtime/errors.ts'
import { FailedItem, Labelled } from '../../runtime/items.ts'
import type { BlobRef } from '../../runtime/values.ts'

/** Blobs in memory; the pictures of examples are there from the beginning. */
export interface MemoryBlobs extends Blobs {
  put(bytes: Uint8Array, mime?: string): BlobRef
}

export function createBlobs(): MemoryBlobs {
  const kept = new Map<string, Uint8Array>()
  for (const [hash, text] of Object.entries(exampleBytes)) kept.set(hash, Buffer.from(text, 'base64'))
  const put: MemoryBlobs['put'] = (bytes, mime = 'image/png') => {
    const blob = createHash('sha256').update(bytes).digest('hex')
    kept.set(blob, bytes)
    return { blob, mime, bytes: bytes.length }
  }
  return {
    put,
    async read({ blob }) {
      const bytes = kept.get(blob)
      if (!bytes) throw new PlanographError('invalid', `The blob ${blob} is gone.`, { code: 'blob-gone' })
      return bytes
    },
    write: async (bytes, mime, size) => ({ ...put(bytes, mime), ...size }),
  }
}

export interface RunOptions {
  blobs?: MemoryBlobs
  signal?: AbortSignal
  attempt?: number
  workflow?: string
  name?: string
  bound?: Context['bound']
}

export interface Ran {
  /** As the engine would pass them on: labels and failed items taken off. */
  outputs: { [output: string]: unknown }
  labels: { [output: string]: (string | undefined)[] }
  failures: Failure[]
  notes: string[]
  blobs: MemoryBlobs
}

/** Runs one node by its own definition: defaults filled in, `auto` resolved, seeds drawn as 7, reviews approved. */
export async function runNode(
  node: AnyNode,
  values: { [field: string]: unknown },
  services: Services,
  options: RunOptions = {},
): Promise<Ran> {
  const blobs = options.blobs ?? createBlobs()
  const notes: string[] = []
  const whole = await withDefaults(node, values, services)
  const results = await node.run(contextOf(services, blobs, notes, options), whole)
  return { ...unwrap(results), notes, blobs }
}

async function withDefaults(node: AnyNode, values: { [field: string]: unknown }, services: Services) {
  const whole: { [field: string]: unknown } = {}
  for (const [name, field] of Object.entries(node.fields)) {
    if (field.default !== undefined) whole[name] = field.default
    if (field.seed) whole[name] = 7
  }
  Object.assign(whole, values)
  const resolved = await node.auto?.resolve(whole, services)
  return { ...whole, ...resolved?.values }
}

function contextOf(
  services: Services,
  blobs: Blobs,
  notes: string[],
  {
    signal = new AbortController().signal,
    attempt = 1,
    workflow = '{}',
    name = 'example',
    bound = {},
  }: RunOptions,
): Context<unknown> {
  return {
    signal,
    services,
    blobs,
    step: { run: 'run', node: 'node', index: '', attempt, key: 'key', labels: [] },
    run: { workflow, name, createdAt: 0 },
    bound,
    round: { number: 1, feedback: [] },
    progress() {},
    preview() {},
    text() {},
    note: (message) => notes.push(message),
    ask: async () => ({ kind: 'approve', by: 'test' }),
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
  }
}

function unwrap(results: object) {
  const ran: Pick<Ran, 'outputs' | 'labels' | 'failures'> = { outputs: {}, labels: {}, failures: [] }
  for (const [name, result] of Object.entries(results)) {
    const items: unknown[] = Array.isArray(result) ? result : [result]
    for (const item of items) if (item instanceof FailedItem) ran.failures.push(item.failure)
    const good = items.filter((item) => !(item instanceof FailedItem))
    const plain = good.map((item) => (item instanceof Labelled ? item.value : item))
    ran.labels[name] = good.map((item) => (item instanceof Labelled ? item.label : undefined))
    ran.outputs[name] = Array.isArray(result) ? plain : plain[0]
  }
  return ran
}
