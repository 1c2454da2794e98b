import { z } from 'zod'
import type { FieldData } from '../catalog-data.ts'
import { type ValueFault, valueFaults } from '../value-faults.ts'
import type { Json } from '../values.ts'

/** Says what is wrong with a value typed into a field; nothing when it fits. */
export type TypedValueCheck = (field: FieldData, value: Json) => ValueFault[]

/** Makes a check that reads each field's JSON Schema only once. */
export function typedValueCheck(): TypedValueCheck {
  const made = new Map<FieldData, z.ZodType>()
  return (field, value) => {
    if (value === 'auto' && field.default === 'auto') return []
    const schema = made.get(field) ?? schemaOf(field)
    made.set(field, schema)
    return valueFaults(schema, field.named ? withoutNull(value) : value)
  }
}

/** The schema of what may be typed: a value, several in a list, or one by each name. */
function schemaOf(field: FieldData): z.ZodType {
  const one = z.fromJSONSchema(field.schema)
  const item = field.list ? z.array(one) : one
  return field.named ? z.record(z.string(), item) : item
}

/** A name without a typed value has null: its input is wired. */
function withoutNull(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null))
}
