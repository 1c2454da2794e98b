import type { Condition } from '../field.ts'
import type { FieldFacts } from '../graph/facts.ts'
import { own } from '../own.ts'
import type { Json } from '../values.ts'

/** What a condition about a node's fields is asked of. */
export interface NodeState {
  fields: { readonly [name: string]: FieldFacts }
  values: { readonly [field: string]: Json | undefined }
  isWired(field: string): boolean
}

/**
 * Whether a condition surely holds: every field it names has one of the given values, typed or by default. Of a field
 * that is wired, or filled by one that is, the value is not known before the run, so a condition on it does not hold.
 */
export function holds(condition: Condition, node: NodeState): boolean {
  return Object.entries(condition.when).every(([field, wanted]) => {
    if (!Array.isArray(wanted)) return node.isWired(field) === wanted.wired
    const value = knownValue(field, node)
    return value !== undefined && wanted.some((each) => same(each, value))
  })
}

function knownValue(field: string, node: NodeState): unknown {
  if (node.isWired(field)) return undefined
  if (node.values[field] !== undefined) return node.values[field]
  const isFilled = Object.entries(node.fields).some(
    ([key, { fills }]) => fills?.includes(field) && (node.isWired(key) || node.values[key] !== undefined),
  )
  return isFilled ? undefined : own(node.fields, field)?.default
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
