import { z } from 'zod'
import { baseKinds, type Kind } from './kind.ts'
import type { Json } from './values.ts'

/** A condition as data, so that the editor can evaluate it: every named field has one of the given values. */
export interface Condition {
  when: { [field: string]: Json[] | { wired: boolean } }
  reason: string
}

/** What everyone may say about a field; all of it is data and goes into the catalog. */
export interface FieldOptions {
  title?: string
  help: string
  /** Default value. `'auto'` means: chosen by the node's `auto.resolve`; `run` gets the choice, or null where none applies. */
  default?: unknown
  /** No value is fine: `run` gets undefined. */
  optional?: boolean
  /** Takes a whole list. */
  list?: boolean
  /** An open set of named inputs, addressed `node.field.name`. */
  named?: boolean
  /** Whether it can be typed, wired, or both (default). */
  wire?: 'both' | 'only' | 'never'
  /** Computed only if the node's `demand` asks for it. */
  lazy?: boolean
  /** A list reader that takes what is there when some items failed. */
  partial?: boolean
  /** A value of this field gives values to these other fields (a plan). */
  fills?: readonly string[]
  /** False: results do not depend on it, or only through the identity that `auto.resolve` gives. */
  counts?: boolean
  /** Binds this field's type to others of the same name. A variable binds a whole list. */
  variable?: string
  widget?: string
  /** Shown under "More". */
  fold?: 'more'
  noEffect?: readonly Condition[]
}

/** A field of a node type. `type` is a phantom that carries what `run` reads. */
export interface Field<T = unknown> extends FieldOptions {
  kind: string
  schema: z.ZodType
  /** Facts for widgets and for people: min, max, step, multiline, choices… */
  hints: { [name: string]: Json | undefined }
  /** A seed: random unless set; drawn when the run is created. `stride` names the field that counts pictures. */
  seed?: { stride?: string }
  readonly type?: T
}

type Reads<T, O> =
  | (O extends { named: true } ? Record<string, T> : O extends { list: true } ? T[] : T)
  | (O extends { optional: true } ? undefined : never)
  | (O extends { default: 'auto' } ? null : never)

interface TextOptions extends FieldOptions {
  multiline?: boolean
  maxLength?: number
  placeholder?: string
}
interface NumberOptions extends FieldOptions {
  min?: number
  max?: number
  step?: number
  unit?: string
}
interface ChoiceOptions extends FieldOptions {
  choices: readonly string[]
  labels?: { [choice: string]: string }
}

/** Builds a field of any kind; the domain's kinds make their builders with it. */
export function fieldOf<T, const O extends FieldOptions>(
  kind: Kind<T>,
  options: O,
  schema: z.ZodType = kind.schema,
  hints: { [name: string]: Json | undefined } = {},
): Field<Reads<T, O>> {
  return { ...options, kind: kind.name, schema, hints }
}

function numberSchema(base: z.ZodNumber, { min, max }: NumberOptions): z.ZodNumber {
  let schema = base
  if (min !== undefined) schema = schema.min(min)
  if (max !== undefined) schema = schema.max(max)
  return schema
}

export const field = {
  text<const O extends TextOptions>(options: O) {
    const { multiline, maxLength, placeholder } = options
    const schema = maxLength === undefined ? z.string() : z.string().max(maxLength)
    return fieldOf<string, O>(baseKinds.text, options, schema, { multiline, maxLength, placeholder })
  },
  number<const O extends NumberOptions>(options: O) {
    const { min, max, step, unit } = options
    return fieldOf<number, O>(baseKinds.number, options, numberSchema(z.number(), options), {
      min,
      max,
      step,
      unit,
    })
  },
  integer<const O extends NumberOptions>(options: O) {
    const { min, max, step, unit } = options
    return fieldOf<number, O>(baseKinds.integer as Kind<number>, options, numberSchema(z.int(), options), {
      min,
      max,
      step,
      unit,
    })
  },
  boolean<const O extends FieldOptions>(options: O) {
    return fieldOf<boolean, O>(baseKinds.boolean, options)
  },
  json<const O extends FieldOptions>(options: O) {
    return fieldOf<Json, O>(baseKinds.json, options)
  },
  any<const O extends FieldOptions>(options: O) {
    return fieldOf<Json, O>(baseKinds.any, options)
  },
  /** One of a closed set of words. */
  choice<const O extends ChoiceOptions>(options: O) {
    const { choices, labels } = options
    return fieldOf<O['choices'][number], O>(
      baseKinds.text as Kind<O['choices'][number]>,
      options,
      z.enum([...choices]),
      { choices: [...choices], labels },
    )
  },
  /** 0…2^64−1; −1 or absent is random. Beyond 2^53 as a decimal string. `run` reads the number that was drawn. */
  seed<const O extends FieldOptions & { stride?: string }>(options: O) {
    const seed = z.union([z.int().min(-1), z.string().regex(/^\d{1,20}$/)])
    const made = fieldOf<number | string, O>(baseKinds.integer, options, seed, {})
    return { ...made, seed: { stride: options.stride }, widget: options.widget ?? 'seed' }
  },
}

/** An output of a node type. */
export interface Output<T = unknown> {
  kind: string
  list: boolean
  variable?: string
  title?: string
  help?: string
  schema: z.ZodType
  readonly type?: T
}

interface OutputOptions {
  title?: string
  help?: string
  variable?: string
}

export function outputOf<T>(kind: Kind<T>, options: OutputOptions = {}): Output<T> {
  return { ...options, kind: kind.name, list: false, schema: kind.schema }
}

export const output = {
  text: (options?: OutputOptions) => outputOf<string>(baseKinds.text, options),
  number: (options?: OutputOptions) => outputOf<number>(baseKinds.number, options),
  integer: (options?: OutputOptions) => outputOf<number | string>(baseKinds.integer, options),
  boolean: (options?: OutputOptions) => outputOf<boolean>(baseKinds.boolean, options),
  json: (options?: OutputOptions) => outputOf<Json>(baseKinds.json, options),
  any: (options?: OutputOptions) => outputOf<Json>(baseKinds.any, options),
  list: <T>(item: Output<T>): Output<T[]> => ({ ...item, list: true }) as Output<T[]>,
}
