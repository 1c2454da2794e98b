import {
  field as baseField,
  output as baseOutput,
  type FieldOptions,
  fieldOf,
  outputOf,
} from '../../runtime/field.ts'
import type { Kind } from '../../runtime/kind.ts'
import type { Json } from '../../runtime/values.ts'
import { kinds } from './kinds.ts'

type Hints = { [name: string]: Json | undefined }

function builder<T>(kind: Kind<T>, widget: string, hints: Hints = {}) {
  return <const O extends FieldOptions>(options: O) => {
    const made = fieldOf<T, O>(kind, options, kind.schema, hints)
    return { ...made, widget: options.widget ?? widget }
  }
}

/** Builders of fields, of the runtime's kinds and the domain's. `path` hints that a typed file path becomes a blob. */
export const field = {
  ...baseField,
  image: builder(kinds.image, 'picture', { path: 'image' }),
  mask: builder(kinds.mask, 'mask', { path: 'image' }),
  plan: builder(kinds.plan, 'plan'),
  model: builder(kinds.model, 'model'),
  lora: builder(kinds.lora, 'lora'),
  control: builder(kinds.control, 'control'),
  /** A sampler by its A1111 label. */
  sampler: builder(kinds.text, 'sampler'),
  /** A schedule type by its A1111 label. */
  scheduler: builder(kinds.text, 'scheduler'),
}

/** Builders of outputs. */
export const output = {
  ...baseOutput,
  image: (options?: Parameters<typeof outputOf>[1]) => outputOf(kinds.image, options),
  mask: (options?: Parameters<typeof outputOf>[1]) => outputOf(kinds.mask, options),
  plan: (options?: Parameters<typeof outputOf>[1]) => outputOf(kinds.plan, options),
  model: (options?: Parameters<typeof outputOf>[1]) => outputOf(kinds.model, options),
  lora: (options?: Parameters<typeof outputOf>[1]) => outputOf(kinds.lora, options),
  control: (options?: Parameters<typeof outputOf>[1]) => outputOf(kinds.control, options),
}
