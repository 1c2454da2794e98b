import type { Json } from '../values.ts'
import type { FieldFacts, NodeFacts } from './facts.ts'

/**
 * The fields of a node that must have a value and get none: from no wire, no typed value, no field that fills them
 * and no default. A lazy field may turn out not to be needed, so it is not counted.
 */
export function missingFields(
  definition: NodeFacts,
  values: { readonly [field: string]: Json | undefined },
  isWired: (field: string) => boolean,
): string[] {
  const given = (key: string) => isWired(key) || values[key] !== undefined
  const wanting = Object.entries(definition.fields).filter(([key, field]) => isRequired(field) && !given(key))
  if (wanting.length === 0) return []
  const filled = new Set<string>()
  for (const [key, { fills = [] }] of Object.entries(definition.fields))
    if (given(key)) for (const target of fills) filled.add(target)
  return wanting.flatMap(([key]) => (filled.has(key) ? [] : [key]))
}

function isRequired({ optional, default: value, seed, named, lazy }: FieldFacts): boolean {
  return !optional && value === undefined && !seed && !named && !lazy
}
