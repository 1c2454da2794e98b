import type { Blobs } from '../define-node.ts'
import { PlanographError } from '../errors.ts'
import type { Field } from '../field.ts'
import type { StoredValue } from '../run/events.ts'
import type { PlanInput } from '../run/plan.ts'
import { wholeList } from '../run/sequence.ts'
import type { RunState, Step } from '../run/state.ts'
import { addToSeed, type Seed } from '../seed.ts'
import type { Json } from '../values.ts'
import { loadValue } from './stored.ts'

export type Assembled = { [field: string]: Json | undefined }

/** Stands for "to be chosen" until `auto.resolve` has spoken. */
export const auto = 'auto'

/**
 * What a step reads: wire, else the value set in the node, else what a wired plan fills, else the default. Fields
 * that are to be chosen say 'auto'; lazy fields that nobody asked for are absent.
 */
export async function assemble(state: RunState, step: Step, blobs: Blobs): Promise<Assembled> {
  const { definition, values: set, wired } = step.node.plan
  const values: Assembled = {}
  for (const input of step.node.plan.inputs) {
    if (input.lazy && !step.fact.demanded.has(input.field)) continue
    const read = readInput(state, step, input, blobs)
    const value = read instanceof Promise ? await read : read
    if (input.name === undefined) values[input.field] = value
    else named(values, input.field)[input.name] = value
  }
  for (const name in definition.fields) {
    const spec = definition.fields[name]
    if (spec) setValue(values, name, spec, set[name], wired.has(name))
  }
  fill(values, definition.fields, wired)
  for (const name in definition.fields) {
    const spec = definition.fields[name]
    if (spec && values[name] === undefined && spec.default !== undefined) values[name] = spec.default as Json
  }
  const { seedField } = step.node.plan
  if (seedField !== undefined) values[seedField] = seedOf(state, step, seedField, values)
  return values
}

/** The record of a named field, made when its first input is read. */
function named(values: Assembled, field: string): { [name: string]: Json | undefined } {
  const known = values[field]
  if (typeof known === 'object' && known !== null && !Array.isArray(known)) return known
  const fresh: { [name: string]: Json | undefined } = {}
  values[field] = fresh
  return fresh
}

function setValue(values: Assembled, name: string, spec: Field, set: Json | undefined, wired: boolean): void {
  if (spec.named) values[name] = { ...asRecord(set), ...asRecord(values[name]) }
  else if (!wired && set !== undefined) values[name] = spec.list && !Array.isArray(set) ? [set] : set
}

function asRecord(value: Json | undefined): { [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function readInput(
  state: RunState,
  step: Step,
  input: PlanInput,
  blobs: Blobs,
): Json | undefined | Promise<Json> {
  if (input.mode === 'whole') {
    const source = state.nodes.get(input.source.id)
    const slots = source ? wholeList(source, input.output) : []
    const stored = slots.flatMap((slot) => (slot.state === 'ready' && slot.value ? [slot.value] : []))
    return Promise.all(stored.map((value) => convert(input, value, blobs)))
  }
  const value = step.slots.get(input)?.value
  if (!value) return undefined
  const one = convert(input, value, blobs)
  if (!input.wraps) return one
  return one instanceof Promise ? one.then((item) => [item]) : [one]
}

function convert(input: PlanInput, stored: StoredValue, blobs: Blobs): Json | Promise<Json> {
  const value = loadValue(stored, blobs)
  const { convert: by } = input
  if (!by) return value
  const change = (json: Json) => by(json as never) as Json
  return value instanceof Promise ? value.then(change) : change(value)
}

/** A plan gives values to the fields that are neither wired nor set. Its nulls leave them to their defaults. */
function fill(values: Assembled, fields: { [name: string]: Field }, wired: Set<string>): void {
  for (const name in fields) {
    const filled = fields[name]?.fills
    const plan = values[name]
    if (!filled || typeof plan !== 'object' || plan === null || Array.isArray(plan)) continue
    for (const target of filled) {
      const value = plan[target]
      if (value !== undefined && value !== null && values[target] === undefined && !wired.has(target))
        values[target] = value
    }
  }
}

/**
 * Drawn for this round, wired, set, or drawn when the run was created; a mapped node counts on by its pictures per
 * step. −1 is random.
 */
function seedOf(state: RunState, step: Step, field: string, values: Assembled): Seed | undefined {
  const { fact, node } = step
  if (fact.seed !== undefined) return fact.seed
  const given = values[field]
  const wired = node.plan.inputs.some((input) => input.field === field)
  const set = (typeof given === 'number' && given >= 0) || typeof given === 'string' ? given : undefined
  const base = set ?? state.created.seeds[node.plan.id]
  if (base === undefined || (wired && set !== undefined) || node.plan.mapped.length === 0) return base
  const stride = node.plan.definition.fields[field]?.seed?.stride
  const count = stride === undefined ? 1 : values[stride]
  return addToSeed(base, step.rank * (typeof count === 'number' ? count : 1))
}

/** Checks every value by its field's schema and gives what the schema makes of it. Null stands where a choice found nothing. */
export function validated(step: Step, values: Assembled): Assembled {
  const { id, definition } = step.node.plan
  const checked: Assembled = {}
  for (const name in definition.fields) {
    const spec = definition.fields[name]
    if (!spec) continue
    const value = values[name]
    if (value === undefined) {
      if (spec.optional || spec.lazy) continue
      throw lacking(id, name, spec)
    }
    if (value === null && spec.default === auto) checked[name] = null
    else if (spec.named)
      checked[name] = mapRecord(asRecord(value), (item, key) => one(id, `${name}.${key}`, spec, item))
    else if (spec.list && Array.isArray(value))
      checked[name] = value.map((item, i) => one(id, `${name}[${i}]`, spec, item))
    else checked[name] = one(id, name, spec, value)
  }
  return checked
}

function mapRecord(
  record: { [key: string]: Json | undefined },
  change: (item: Json, key: string) => Json,
): Json {
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, change(item ?? null, key)]))
}

function one(node: string, place: string, spec: Field, value: Json): Json {
  if (spec.kind === 'any' || spec.kind === 'json') return value
  const parsed = spec.schema.safeParse(value)
  if (parsed.success) return parsed.data as Json
  throw new PlanographError(
    'invalid',
    `"${node}": ${place} is ${shown(value)}: ${parsed.error.issues[0]?.message}.`,
    {
      code: 'bad-value',
      hint: spec.help,
      details: { node, field: place },
    },
  )
}

function shown(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function lacking(node: string, name: string, spec: Field): PlanographError {
  return new PlanographError('invalid', `"${node}" has no ${spec.title ?? name}.`, {
    code: 'missing-field',
    hint:
      spec.wire === 'only'
        ? `Wire something into "${node}.${name}".`
        : `Set "${node}.${name}" or wire something into it.`,
    details: { node, field: name },
  })
}
