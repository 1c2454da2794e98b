import { z } from 'zod'
import { Json } from './values.ts'

/** How a socket looks. Shape as well as colour, so that nobody has to tell kinds apart by colour alone. */
export type Shape = 'circle' | 'square' | 'diamond' | 'triangle' | 'hexagon' | 'pentagon' | 'star' | 'bar'

/** The type of a value. Domain kinds live in nodes/kinds; the runtime knows only those below. */
export interface Kind<T = unknown> {
  name: string
  title: string
  /** CSS colour of sockets and wires. */
  colour: string
  shape: Shape
  schema: z.ZodType<T>
  /** Kinds whose values become one of this kind, each with the conversion. */
  accepts?: { [kind: string]: (value: never) => T }
  /** What of an object value counts for the result cache; absent: all of it. */
  content?: (value: Json, hash: (text: string) => string) => Json
}

export function defineKind<T>(kind: Kind<T>): Kind<T> {
  return kind
}

const scalarText = (value: string | number | boolean) => String(value)

/** The kinds every program has. `list` is `any` with list set; it is a modifier of a port, not a kind of its own. */
export const baseKinds = {
  text: defineKind<string>({
    name: 'text',
    title: 'Text',
    colour: '#f2b84b',
    shape: 'circle',
    schema: z.string(),
    accepts: { number: scalarText, integer: scalarText, boolean: scalarText },
  }),
  number: defineKind<number>({
    name: 'number',
    title: 'Number',
    colour: '#5fb3f9',
    shape: 'diamond',
    schema: z.number(),
    accepts: { integer: (value: number) => value },
  }),
  integer: defineKind<number | string>({
    name: 'integer',
    title: 'Integer',
    colour: '#3d8bfd',
    shape: 'diamond',
    /** Integers beyond 2^53 (foreign seeds) travel as decimal strings, digit for digit. */
    schema: z.union([z.int(), z.string().regex(/^-?\d{16,20}$/)]),
    accepts: { number: (value: number) => Math.round(value) },
  }),
  boolean: defineKind<boolean>({
    name: 'boolean',
    title: 'Yes or no',
    colour: '#9ad06c',
    shape: 'square',
    schema: z.boolean(),
  }),
  json: defineKind<Json>({ name: 'json', title: 'JSON', colour: '#b0b7c3', shape: 'hexagon', schema: Json }),
  any: defineKind<Json>({ name: 'any', title: 'Anything', colour: '#8a94a6', shape: 'bar', schema: Json }),
} as const
