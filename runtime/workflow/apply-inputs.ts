import type { CatalogData, FieldData } from '../catalog-data.ts'
import { valueProblem } from '../check/node-problems.ts'
import { type TypedValueCheck, typedValueCheck } from '../check/typed-value.ts'
import { fieldAddress } from '../graph/address.ts'
import { suggestion } from '../nearest.ts'
import { own } from '../own.ts'
import type { Problem } from '../problem.ts'
import type { Json } from '../values.ts'
import { readText } from './read-text.ts'
import type { Workflow } from './schema.ts'

export interface GivenInputs {
  /** Values of declared inputs, by name. */
  inputs?: { readonly [name: string]: Json }
  /** Values of any field, by `node.field` or `node.field.name`. */
  set?: { readonly [address: string]: Json }
}

export type Applied = { ok: true; workflow: Workflow } | { ok: false; problems: Problem[] }

/**
 * Sets declared inputs and single fields before a run; single fields win. Text is read as the field's kind wants it.
 * Every value that cannot be set is a problem, all at once; the workflow given stays as it is.
 */
export function applyInputs(workflow: Workflow, catalog: CatalogData, given: GivenInputs): Applied {
  const problems: Problem[] = []
  const nodes = { ...workflow.nodes }
  const check = typedValueCheck()
  for (const { who, to, value } of settings(workflow, given, problems)) {
    const target = settable(who, to, { ...workflow, nodes }, catalog)
    if (!target.ok) problems.push(target.problem)
    else problems.push(...setField(nodes, { who, to, value }, target.field, check))
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, workflow: { ...workflow, nodes } }
}

interface Setting {
  /** What the value was given for, as messages begin: `The input "idea"`. */
  who: string
  to: string
  value: Json
}

function settings({ inputs = {} }: Workflow, given: GivenInputs, problems: Problem[]): Setting[] {
  const found: Setting[] = []
  for (const [name, value] of Object.entries(given.inputs ?? {})) {
    const input = own(inputs, name)
    if (input) found.push({ who: `The input "${name}"`, to: input.to, value })
    else problems.push(unknownInput(name, Object.keys(inputs)))
  }
  for (const [to, value] of Object.entries(given.set ?? {})) found.push({ who: `"${to}"`, to, value })
  return found
}

function unknownInput(name: string, names: readonly string[]): Problem {
  const none = names.length === 0 ? 'This workflow declares no inputs; set' : 'Look up its inputs, or set'
  return {
    severity: 'error',
    code: 'unknown-input',
    message: `There is no input "${name}".`,
    hint: suggestion(name, names, `${none} a field of a node instead, as node.field.`),
  }
}

type Settable = { ok: true; field: FieldData } | { ok: false; problem: Problem }

function settable(who: string, to: string, workflow: Workflow, catalog: CatalogData): Settable {
  const { node: id, field: key, name, address } = fieldAddress(to)
  const refused = (code: string, message: string, hint: string): Settable => ({
    ok: false,
    problem: { severity: 'error', code, message: `${who} cannot be set: ${message}.`, hint },
  })
  const node = own(workflow.nodes, id)
  if (!node)
    return refused(
      'unknown-node',
      `there is no node "${id}"`,
      suggestion(id, Object.keys(workflow.nodes), 'Look up the names of its nodes.'),
    )
  const definition = own(catalog.nodes, node.type)
  if (!definition)
    return refused(
      'unknown-type',
      `"${id}" is of the type "${node.type}", which is not installed`,
      'Install what brings it.',
    )
  const field = own(definition.fields, key)
  if (!field || (name !== undefined && !field.named))
    return refused(
      'unknown-field',
      `"${id}" (${definition.title}) has no field "${address}"`,
      suggestion(key, Object.keys(definition.fields), 'Look up its fields.'),
    )
  if (field.wire === 'only')
    return refused(
      'wire-only',
      `the field "${key}" of "${id}" only takes a wire`,
      'Set a field of the node that is wired into it.',
    )
  if (workflow.edges.some((edge) => edge.to === to))
    return refused(
      'wired',
      `a wire goes into "${to}", and a wire comes before a set value`,
      'Set a field of the node where the wire begins, or remove the wire.',
    )
  return { ok: true, field }
}

/** Sets the value, or says what is wrong with it. */
function setField(
  nodes: Workflow['nodes'],
  { who, to, value }: Setting,
  field: FieldData,
  check: TypedValueCheck,
): Problem[] {
  const { node: id, field: key, name } = fieldAddress(to)
  const one = name === undefined ? field : { ...field, named: false }
  const read = typeof value === 'string' ? readText(value, one) : value
  const faults = check(one, read)
  if (faults.length > 0) return faults.map((fault) => ({ ...valueProblem(who, key, field, fault), node: id }))
  const node = own(nodes, id)
  if (!node) return []
  const set = name === undefined ? read : { ...byName(node.values?.[key]), [name]: read }
  nodes[id] = { ...node, values: { ...node.values, [key]: set } }
  return []
}

function byName(value: Json | undefined): { [name: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
