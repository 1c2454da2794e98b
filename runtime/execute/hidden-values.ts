import { canonical } from '../canonical.ts'
import type { PlanNode } from '../run/plan.ts'
import type { Json } from '../values.ts'

/**
 * What the readers of a node will not use of a value that fills their fields, because they set or wire those fields
 * themselves: to be said before the value is approved.
 */
export function hiddenValues(node: PlanNode, value: Json): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return node.readers.flatMap((reader) => {
    const filled = reader.inputs.flatMap(({ source, field }) =>
      source === node ? (reader.definition.fields[field]?.fills ?? []) : [],
    )
    return filled.flatMap((field) => hiddenBy(reader, field, value[field]))
  })
}

function hiddenBy(
  { id, definition, values, inputs }: PlanNode,
  field: string,
  given: Json | undefined,
): string[] {
  if (given === undefined || given === null) return []
  const title = definition.fields[field]?.title ?? field
  if (inputs.some((input) => input.field === field && input.name === undefined))
    return [`"${id}" has its own wire for ${title}: ${JSON.stringify(given)} will not be used.`]
  const set = values[field]
  if (set === undefined || canonical(set) === canonical(given)) return []
  return [`"${id}" sets ${title} ${JSON.stringify(set)}: ${JSON.stringify(given)} will not be used.`]
}
