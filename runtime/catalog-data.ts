import { z } from 'zod'
import type { AnyNode } from './define-node.ts'
import type { Condition, Field, Output } from './field.ts'
import type { Kind, Shape } from './kind.ts'
import type { Json } from './values.ts'

/** The catalog as plain JSON: what `GET /api/nodes` sends, and what `check` and `compatible` take. */
export interface CatalogData {
  nodes: { [type: string]: NodeData }
  kinds: { [name: string]: KindData }
}

export type JsonSchema = z.core.JSONSchema.BaseSchema

export interface KindData {
  name: string
  title: string
  colour: string
  shape: Shape
  /** The kinds whose values become one of this kind. */
  accepts: { [kind: string]: true }
  schema: JsonSchema
}

export interface FieldData {
  kind: string
  title?: string
  help: string
  default?: Json
  optional?: boolean
  list?: boolean
  named?: boolean
  wire?: 'both' | 'only' | 'never'
  lazy?: boolean
  partial?: boolean
  fills?: readonly string[]
  variable?: string
  widget?: string
  fold?: 'more'
  noEffect?: readonly Condition[]
  seed?: { stride?: string }
  hints: { [name: string]: Json | undefined }
  /** Of one typed value (of an item, where the field takes a list or named values). */
  schema: JsonSchema
}

export interface OutputData {
  kind: string
  list: boolean
  variable?: string
  title?: string
  help?: string
}

export interface NodeData {
  type: string
  version: number
  title: string
  category: string
  aliases?: readonly string[]
  summary: string
  fields: { [name: string]: FieldData }
  outputs: { [name: string]: OutputData }
  cache: 'always' | 'run' | 'never'
  revisable?: 'feedback' | 'redraw'
  sink?: boolean
  asks?: boolean
  passes?: { readonly [output: string]: string }
  from?: readonly string[]
  /** Fields that the node itself chooses between: which lazy ones it needs. */
  demands?: boolean
  examples: { title: string; values: Json; fails?: string }[]
}

/** All of it at once; the JSON Schemas in it are made when they are first read. */
export function catalogData(nodes: Iterable<AnyNode>, kinds: { readonly [name: string]: Kind }): CatalogData {
  return {
    nodes: Object.fromEntries(Array.from(nodes, (node) => [node.type, nodeData(node)])),
    kinds: Object.fromEntries(Object.values(kinds).map((kind) => [kind.name, kindData(kind)])),
  }
}

function nodeData(node: AnyNode): NodeData {
  const { type, version, title, category, aliases, summary, cache, revisable, sink, asks, passes, from } =
    node
  return present({
    type,
    version,
    title,
    category,
    aliases,
    summary,
    fields: mapValues(node.fields, fieldData),
    outputs: mapValues(node.outputs, outputData),
    cache,
    revisable,
    sink,
    asks,
    passes,
    from,
    demands: node.demand ? true : undefined,
    examples: node.examples.map(({ title, values, fails }) =>
      present({ title, values: plain(values), fails }),
    ),
  })
}

function fieldData(field: Field): FieldData {
  const { kind, title, help, optional, list, named, wire, lazy, partial, fills, variable } = field
  const { widget, fold, noEffect, seed, hints, schema } = field
  const data = present({
    kind,
    title,
    help,
    default: field.default === undefined ? undefined : plain(field.default),
    optional,
    list,
    named,
    wire,
    lazy,
    partial,
    fills,
    variable,
    widget,
    fold,
    noEffect,
    seed: seed && present({ ...seed }),
    hints: present({ ...hints }),
  })
  return withSchema(data, kind, schema)
}

function outputData({ kind, list, variable, title, help }: Output): OutputData {
  return present({ kind, list, variable, title, help })
}

function kindData({ name, title, colour, shape, accepts, schema }: Kind): KindData {
  return withSchema(
    { name, title, colour, shape, accepts: mapValues(accepts ?? {}, () => true as const) },
    name,
    schema,
  )
}

/** Kinds whose schema says "any JSON": the empty JSON Schema says the same in two characters. */
const unbounded: ReadonlySet<string> = new Set(['json', 'any'])

/** Making a JSON Schema is slow beside all else at start-up, and most are never read. */
function withSchema<T extends object>(data: T, kind: string, schema: z.ZodType): T & { schema: JsonSchema } {
  let made: JsonSchema | undefined
  return {
    ...data,
    get schema() {
      made ??= unbounded.has(kind) ? {} : jsonSchema(schema)
      return made
    },
  }
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

/** What is left of a value when it is written as JSON. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value))
}

/** Takes away the members that are undefined, which JSON has not. */
function present<T extends object>(value: T): T {
  for (const [key, member] of Object.entries(value))
    if (member === undefined) Reflect.deleteProperty(value, key)
  return value
}

function mapValues<T, R>(
  table: { readonly [key: string]: T },
  change: (value: T) => R,
): { [key: string]: R } {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, change(value)]))
}
