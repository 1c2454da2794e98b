import type { AnyNode } from './define-node.ts'
import type { Field } from './field.ts'
import type { Kind } from './kind.ts'

type Kinds = { readonly [name: string]: Kind }

/** Names take part in addresses such as `node.field.name`, so they hold no dot. */
const name = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

/** What is wrong with a definition that the compiler cannot see, each as a clause that names node and field. */
export function definitionFaults(node: AnyNode, kinds: Kinds): string[] {
  const faults = [
    ...generalFaults(node),
    ...Object.entries(node.fields).flatMap(([key, field]) => fieldFaults(node, key, field, kinds)),
    ...outputFaults(node, kinds),
    ...passesFaults(node),
    ...unknownFields(node, 'auto.from names', node.auto?.from),
    ...migrationFaults(node),
  ]
  return faults.map((fault) => `node type "${node.type}": ${fault}`)
}

function generalFaults(node: AnyNode): string[] {
  const faults: string[] = []
  if (!name.test(node.type)) faults.push('its type is not a plain name')
  if (!Number.isInteger(node.version) || node.version < 1)
    faults.push('its version is not a whole number from 1')
  if (node.title.trim() === '') faults.push('it has no title')
  if (node.summary.trim() === '') faults.push('it has no summary')
  if (node.examples.length === 0) faults.push('it has no examples')
  return faults
}

function fieldFaults(node: AnyNode, key: string, field: Field, kinds: Kinds): string[] {
  const faults: string[] = []
  if (!name.test(key)) faults.push(`the field "${key}" has no plain name`)
  if (!Object.hasOwn(kinds, field.kind))
    faults.push(`the field "${key}" is of the unknown kind "${field.kind}"`)
  if (field.help.trim() === '') faults.push(`the field "${key}" has no help`)
  faults.push(...unknownFields(node, `"${key}" fills`, field.fills))
  for (const { when } of field.noEffect ?? [])
    faults.push(...unknownFields(node, `the noEffect of "${key}" names`, Object.keys(when)))
  if (field.seed?.stride)
    faults.push(...unknownFields(node, `the stride of "${key}" is`, [field.seed.stride]))
  return [...faults, ...defaultFaults(node, key, field)]
}

function defaultFaults(node: AnyNode, key: string, field: Field): string[] {
  if (field.default === undefined) return []
  if (field.default === 'auto' && node.auto) return []
  if (field.default === 'auto' && !field.schema.safeParse('auto').success)
    return [`the field "${key}" is auto, but the node has no auto.resolve`]
  return defaultFits(field) ? [] : [`the default of the field "${key}" is not a value that it takes`]
}

function defaultFits({ default: value, schema, list, named }: Field): boolean {
  if (named) return typeof value === 'object' && value !== null
  if (list) return Array.isArray(value) && value.every((item) => schema.safeParse(item).success)
  return schema.safeParse(value).success
}

function outputFaults(node: AnyNode, kinds: Kinds): string[] {
  const variables = new Set(Object.values(node.fields).map((field) => field.variable))
  return Object.entries(node.outputs).flatMap(([key, output]) => {
    const faults: string[] = []
    if (!name.test(key)) faults.push(`the output "${key}" has no plain name`)
    if (!Object.hasOwn(kinds, output.kind))
      faults.push(`the output "${key}" is of the unknown kind "${output.kind}"`)
    if (output.variable !== undefined && !variables.has(output.variable))
      faults.push(`the output "${key}" has the type of "${output.variable}", but no field binds it`)
    return faults
  })
}

function passesFaults(node: AnyNode): string[] {
  const outputs = Object.keys(node.passes ?? {}).filter((output) => !Object.hasOwn(node.outputs, output))
  return [
    ...outputs.map((output) => `passes names the unknown output "${output}"`),
    ...unknownFields(node, 'passes names', Object.values(node.passes ?? {})),
  ]
}

function migrationFaults(node: AnyNode): string[] {
  const steps = Array.from({ length: Math.max(0, node.version - 1) }, (_, index) => index + 1)
  return steps
    .filter((version) => !node.migrations || !Object.hasOwn(node.migrations, version))
    .map((version) => `it has no migration from version ${version} to ${version + 1}`)
}

function unknownFields(node: AnyNode, what: string, fields: readonly string[] = []): string[] {
  return fields
    .filter((field) => !Object.hasOwn(node.fields, field))
    .map((field) => `${what} the unknown field "${field}"`)
}
