import { suggestion } from '../nearest.ts'
import { own } from '../own.ts'
import type { Problem } from '../problem.ts'
import type { Edge, Workflow } from '../workflow/schema.ts'
import { fieldAddress, outputAddress } from './address.ts'
import type { CatalogFacts, NodeFacts } from './facts.ts'

/** An edge whose two ends exist. */
export interface Link {
  /** Position in the workflow's `edges`. */
  edge: number
  from: string
  output: string
  to: string
  field: string
  /** `field`, or `field.name` of a named field. */
  address: string
}

/**
 * The edges of a workflow that join an existing output with an existing field, and what is wrong with the others.
 * Edges at a node of an unknown type are left out without a word: the type is the problem.
 */
export function links(workflow: Workflow, catalog: CatalogFacts): { links: Link[]; problems: Problem[] } {
  const found: Link[] = []
  const problems: Problem[] = []
  const taken = new Map<string, Edge>()
  const ids = Object.keys(workflow.nodes)
  workflow.edges.forEach((edge, index) => {
    const ends: Ends = { edge, from: outputAddress(edge.from), to: fieldAddress(edge.to) }
    const start = definitionOf(ends.from.node, workflow, catalog)
    const end = definitionOf(ends.to.node, workflow, catalog)
    const rival = taken.get(edge.to)
    if (!rival) taken.set(edge.to, edge)
    const faults = [fromFault(ends, start, ids), toFault(ends, end, ids), rival && twoEdges(ends, rival)]
    for (const fault of faults)
      if (fault) problems.push({ severity: 'error', place: `edges[${index}]`, ...fault })
    if (faults.some(Boolean) || typeof start !== 'object' || typeof end !== 'object') return
    const { node: from, output } = ends.from
    const { node: to, field, address } = ends.to
    found.push({ edge: index, from, output, to, field, address })
  })
  return { links: found, problems }
}

interface Ends {
  edge: Edge
  from: ReturnType<typeof outputAddress>
  to: ReturnType<typeof fieldAddress>
}
type Fault = Omit<Problem, 'severity' | 'place'>
type Definition = NodeFacts | 'no such node' | 'no such type'

function definitionOf(id: string, workflow: Workflow, catalog: CatalogFacts): Definition {
  const node = own(workflow.nodes, id)
  return node ? (own(catalog.nodes, node.type) ?? 'no such type') : 'no such node'
}

function fromFault(
  { edge, from: { node, output } }: Ends,
  definition: Definition,
  ids: readonly string[],
): Fault | undefined {
  if (definition === 'no such node') return unknownEnd(edge, node, ids)
  if (definition === 'no such type' || Object.hasOwn(definition.outputs, output)) return undefined
  return {
    code: 'unknown-output',
    node,
    message: `"${node}" (${definition.title}) has no output "${output}", but a wire to "${edge.to}" starts there.`,
    hint: suggestion(output, Object.keys(definition.outputs), 'Wire one of its outputs, or remove the wire.'),
  }
}

function toFault(ends: Ends, definition: Definition, ids: readonly string[]): Fault | undefined {
  const { node, field: key, name, address } = ends.to
  if (definition === 'no such node') return unknownEnd(ends.edge, node, ids)
  if (definition === 'no such type') return undefined
  const field = own(definition.fields, key)
  if (!field) return unknownField(ends, definition)
  if (field.wire === 'never')
    return {
      code: 'not-wirable',
      node,
      field: address,
      message: `The field "${key}" of "${node}" cannot be wired.`,
      hint: 'Remove the wire and set the value in the node itself.',
    }
  if (field.named && name === undefined) return nameMissing(ends)
  return !field.named && name !== undefined ? notNamed(ends) : undefined
}

function unknownField({ edge, to: { node, field, address } }: Ends, definition: NodeFacts): Fault {
  return {
    code: 'unknown-field',
    node,
    field: address,
    message: `"${node}" (${definition.title}) has no field "${field}", but a wire from "${edge.from}" ends there.`,
    hint: suggestion(
      field,
      Object.keys(definition.fields),
      'Wire it into another field, or remove the wire.',
    ),
  }
}

function nameMissing({ edge, to: { node, field, address } }: Ends): Fault {
  return {
    code: 'name-missing',
    node,
    field: address,
    message: `The field "${field}" of "${node}" takes inputs by name, but the wire from "${edge.from}" gives none.`,
    hint: `Write its end as "${node}.${field}.name", with a name of your choice.`,
  }
}

function notNamed({ edge, to: { node, field, address } }: Ends): Fault {
  return {
    code: 'unknown-field',
    node,
    field: address,
    message: `The field "${field}" of "${node}" has no named inputs, but a wire goes to "${edge.to}".`,
    hint: `Write its end as "${node}.${field}".`,
  }
}

function unknownEnd(edge: Edge, id: string, ids: readonly string[]): Fault {
  return {
    code: 'unknown-node',
    message: `The wire from "${edge.from}" to "${edge.to}" names the node "${id}", which does not exist.`,
    hint: suggestion(id, ids, 'Add the node, or remove the wire.'),
  }
}

function twoEdges({ edge, to: { node, address } }: Ends, rival: Edge): Fault {
  return {
    code: 'two-edges',
    node,
    field: address,
    message: `Two wires go into "${edge.to}": from "${rival.from}" and from "${edge.from}".`,
    hint: 'A field takes one wire: remove one of them, or bring both together in a node first.',
  }
}
