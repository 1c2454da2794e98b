import { canonical } from '../canonical.ts'
import type { AnyNode, Blobs } from '../define-node.ts'
import { PlanographError } from '../errors.ts'
import type { Output } from '../field.ts'
import { FailedItem, Labelled } from '../items.ts'
import type { StoredItem, StoredOutput, StoredOutputs, StoredValue } from '../run/events.ts'
import type { PlanNode } from '../run/plan.ts'
import { valueFaults } from '../value-faults.ts'
import { blobsIn, isBlobRef, type Json } from '../values.ts'

/** Values up to this size sit in the journal, larger ones are blobs. Bytes of JSON, about. */
const inlineBytes = 8 * 1024
const textEncoder = new TextEncoder()
const textDecoder = new TextDecoder()

/** Checks what a node returned against what it declares, and brings it into the form of the journal. */
export async function storeOutputs(
  plan: PlanNode,
  returned: object,
  blobs: Blobs,
  revised: { items?: number[]; previous?: StoredOutputs },
): Promise<StoredOutputs> {
  const stored: StoredOutputs = {}
  for (const [name, spec] of Object.entries(plan.definition.outputs)) {
    const value: unknown = Reflect.get(returned, name)
    if (value === undefined) throw missing(plan, name)
    if (!plan.givesList[name]) {
      const one = storeValue(checked(plan.definition, name, spec, value), blobs)
      stored[name] = one instanceof Promise ? await one : one
      continue
    }
    if (!Array.isArray(value))
      throw wrong(plan.definition, name, 'is a list, but the node gave a single value')
    const items = await Promise.all(value.map((item) => storeItem(plan.definition, name, spec, item, blobs)))
    stored[name] = { items: keepOthers(items, name, revised) }
  }
  return stored
}

/** In a revision of some items the others keep what they were. */
function keepOthers(
  items: StoredItem[],
  name: string,
  { items: anew, previous }: { items?: number[]; previous?: StoredOutputs },
): StoredItem[] {
  const before: StoredOutput | undefined = previous?.[name]
  if (!anew || !before || !('items' in before) || before.items.length !== items.length) return items
  return items.map((item, i) => (anew.includes(i) ? item : (before.items[i] ?? item)))
}

async function storeItem(
  definition: AnyNode,
  name: string,
  spec: Output,
  item: unknown,
  blobs: Blobs,
): Promise<StoredItem> {
  if (item instanceof FailedItem) return { failed: item.failure, label: item.label }
  const value = item instanceof Labelled ? item.value : item
  const stored = await storeValue(checked(definition, name, spec, value), blobs)
  return item instanceof Labelled ? { ...stored, label: item.label } : stored
}

function checked(definition: AnyNode, name: string, spec: Output, value: unknown): Json {
  const json = plain(definition, name, value)
  if (spec.kind === 'any' || spec.kind === 'json') return json
  const [fault] = valueFaults(spec.schema, json)
  if (fault) throw wrong(definition, name, [...fault.path, fault.text].join(' '))
  return json
}

/** A copy that is JSON and nothing else: what the journal keeps is what everyone reads, at once and after a crash. */
function plain(definition: AnyNode, name: string, value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || isBlobRef(value))
    return value
  try {
    return JSON.parse(canonical(value))
  } catch {
    throw wrong(definition, name, 'holds something that is not JSON')
  }
}

function storeValue(value: Json, blobs: Blobs): StoredValue | Promise<StoredValue> {
  if (isSmall(value)) return { value }
  const text = canonical(value)
  if (text.length <= inlineBytes) return { value }
  const held = blobsIn(value)
  return blobs
    .write(textEncoder.encode(text), 'application/json')
    .then((json) => (held.length > 0 ? { json, holds: held } : { json }))
}

function isSmall(value: Json): boolean {
  if (typeof value === 'string') return value.length <= inlineBytes / 3
  return typeof value !== 'object' || value === null || isBlobRef(value)
}

export function loadValue(stored: StoredValue, blobs: Blobs): Json | Promise<Json> {
  if ('value' in stored) return stored.value
  return blobs.read(stored.json).then((bytes) => JSON.parse(textDecoder.decode(bytes)))
}

/** Outputs as nodes and people read them: lists as arrays, without the items that failed. */
export async function loadOutputs(outputs: StoredOutputs, blobs: Blobs): Promise<{ [output: string]: Json }> {
  const loaded: { [output: string]: Json } = {}
  for (const [name, output] of Object.entries(outputs)) loaded[name] = await loadOutput(output, blobs)
  return loaded
}

export async function loadOutput(output: StoredOutput, blobs: Blobs): Promise<Json> {
  if (!('items' in output)) return loadValue(output, blobs)
  const values = output.items.flatMap((item) => ('failed' in item ? [] : [loadValue(item, blobs)]))
  return Promise.all(values)
}

/** Cleaning up removed the blob of a large value. */
export function isGone(error: unknown): boolean {
  return error instanceof PlanographError && error.code === 'blob-gone'
}

function missing({ id, definition }: PlanNode, name: string): PlanographError {
  return new PlanographError('bug', `"${id}" gave no output "${name}".`, {
    code: 'missing-output',
    hint: `This is a defect of the node type "${definition.type}".`,
  })
}

function wrong(definition: AnyNode, name: string, what: string): PlanographError {
  return new PlanographError('bug', `Output "${name}" of "${definition.type}" ${what}.`, {
    code: 'wrong-output',
    hint: `This is a defect of the node type "${definition.type}".`,
  })
}
