import { type Compatible, compatible, type KindTable } from '../compatible.ts'
import { own } from '../own.ts'
import type { Problem } from '../problem.ts'
import type { Workflow } from '../workflow/schema.ts'
import type { CatalogFacts, NodeFacts } from './facts.ts'
import { group } from './group.ts'
import type { Link } from './links.ts'
import { wrongKind } from './wrong-kind.ts'

/** The type of a port once type variables are bound. */
export interface Bound {
  kind: string
  list: boolean
}

/** What is wired into a field, and what to do with it on the way. */
export interface Input {
  from: { node: string; output: string }
  /** Position in the workflow's `edges`. */
  edgeIndex: number
  /** What arrives. */
  type: Bound
  /** Items go through the conversion `kinds[to].accepts[from]`. */
  convert?: { from: string; to: string }
  /** A single value becomes a list of one. */
  wraps?: true
  /** To be validated by the field's schema when it is there. */
  validate?: true
}

export interface AnalysedNode<N extends NodeFacts = NodeFacts> {
  definition: N
  /** By address within the node: `field`, or `field.name` of a named field. */
  inputs: Map<string, Input>
  /** Addresses of single fields that a list is wired into: the node runs once per item. */
  mapped: string[]
  /** What readers of this node get: a list where the output is one or the node is mapped. */
  outputs: { [output: string]: Bound }
  /** What each type variable stands for; `any` where nothing is wired. */
  bound: { [variable: string]: Bound }
}

/** Types of every node along `sorted` (topological) with the wires that count, and the wires that do not fit. Linear. */
export function types<N extends NodeFacts>(
  workflow: Workflow,
  catalog: CatalogFacts<N>,
  sorted: readonly string[],
  links: readonly Link[],
): { nodes: Map<string, AnalysedNode<N>>; problems: Problem[] } {
  const nodes = new Map<string, AnalysedNode<N>>()
  const problems: Problem[] = []
  const incoming = group(links, (link) => link.to)
  for (const id of sorted) {
    const definition = own(catalog.nodes, own(workflow.nodes, id)?.type ?? '')
    if (!definition) continue
    const wires = (incoming.get(id) ?? []).map((link) => ({ link, type: typeOf(link, nodes) }))
    const bound = bind(definition, wires, catalog.kinds)
    const inputs = new Map<string, Input>()
    const mapped: string[] = []
    for (const wire of wires) {
      const fit = fitInto(definition, wire, bound, catalog.kinds)
      inputs.set(wire.link.address, input(wire, fit))
      if (!fit.ok) problems.push(wrongKind(wire.link, fit.reason, wire.type.kind, definition, catalog))
      else if (fit.maps) mapped.push(wire.link.address)
    }
    nodes.set(id, {
      definition,
      inputs,
      mapped,
      outputs: outputTypes(definition, bound, mapped.length > 0),
      bound,
    })
  }
  return { nodes, problems }
}

interface Wire {
  link: Link
  type: Bound
}

/** A source on a loop has no type yet; the loop is the problem, so nothing is said about its kind. */
function typeOf({ from, output }: Link, nodes: Map<string, AnalysedNode>): Bound {
  return nodes.get(from)?.outputs[output] ?? { kind: 'any', list: false }
}

/**
 * A variable stands for the kind that is wired, and for the whole list if that is one. A field that itself takes a
 * list binds the kind of the items. Where several wires bind one variable, the first kind that the others become.
 */
function bind(
  definition: NodeFacts,
  wires: readonly Wire[],
  kinds: KindTable,
): { [variable: string]: Bound } {
  const bound: { [variable: string]: Bound } = {}
  for (const { variable, kind } of Object.values(definition.fields))
    if (variable !== undefined)
      bound[variable] = { kind: commonKind(bound[variable]?.kind ?? 'any', kind, kinds), list: false }
  for (const { link, type } of wires) {
    const field = own(definition.fields, link.field)
    if (field?.variable === undefined) continue
    const before = bound[field.variable] ?? { kind: 'any', list: false }
    bound[field.variable] = {
      kind: field.kind === 'any' ? commonKind(before.kind, type.kind, kinds) : field.kind,
      list: before.list || (type.list && !field.list),
    }
  }
  return bound
}

function commonKind(a: string, b: string, kinds: KindTable): string {
  if (a === 'any' || a === b) return b
  if (b === 'any') return a
  return Object.hasOwn(own(kinds, b)?.accepts ?? {}, a) && !Object.hasOwn(own(kinds, a)?.accepts ?? {}, b)
    ? b
    : a
}

function fitInto(
  definition: NodeFacts,
  { link, type }: Wire,
  bound: { [variable: string]: Bound },
  kinds: KindTable,
): Compatible {
  const field = own(definition.fields, link.field) ?? { kind: 'any' }
  if (field.variable === undefined) return compatible(type, { kind: field.kind, list: field.list }, kinds)
  const { kind, list } = bound[field.variable] ?? { kind: 'any', list: false }
  return compatible(type, { kind, list: list || field.list, variable: field.variable }, kinds)
}

function input({ link, type }: Wire, fit: Compatible): Input {
  const known: Input = { from: { node: link.from, output: link.output }, edgeIndex: link.edge, type }
  if (!fit.ok) return known
  if (fit.convert) known.convert = fit.convert
  if (fit.wraps) known.wraps = true
  if (fit.validate) known.validate = true
  return known
}

function outputTypes(definition: NodeFacts, bound: { [variable: string]: Bound }, isMapped: boolean) {
  const outputs: { [output: string]: Bound } = {}
  for (const [name, output] of Object.entries(definition.outputs)) {
    const variable = output.variable === undefined ? undefined : bound[output.variable]
    const list = output.list || variable?.list === true || isMapped
    outputs[name] = { kind: variable?.kind ?? output.kind, list }
  }
  return outputs
}
