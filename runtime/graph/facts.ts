import type { KindTable } from '../compatible.ts'
import type { Condition } from '../field.ts'

/**
 * What the questions about a graph need to know of node types. Definitions have it, and so has the catalog's data:
 * the engine asks with the first, the editor with the second.
 */
export interface FieldFacts {
  kind: string
  title?: string
  default?: unknown
  optional?: boolean
  list?: boolean
  named?: boolean
  wire?: 'both' | 'only' | 'never'
  lazy?: boolean
  fills?: readonly string[]
  variable?: string
  noEffect?: readonly Condition[]
  seed?: { stride?: string }
}

export interface OutputFacts {
  kind: string
  list: boolean
  variable?: string
}

export interface NodeFacts {
  type: string
  version: number
  title: string
  fields: { readonly [name: string]: FieldFacts }
  outputs: { readonly [name: string]: OutputFacts }
  passes?: { readonly [output: string]: string }
}

export interface CatalogFacts<N extends NodeFacts = NodeFacts> {
  nodes: { readonly [type: string]: N }
  kinds: KindTable
}
