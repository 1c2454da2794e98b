import type { Catalog } from '../catalog.ts'
import type { AnyNode } from '../define-node.ts'
import { fieldOfAddress } from '../graph/address.ts'
import type { Analysis } from '../graph/analyse.ts'
import type { AnalysedNode, Input } from '../graph/types.ts'
import type { Json } from '../values.ts'
import type { Workflow, WorkflowNode } from '../workflow/schema.ts'

/** How a wired field reads: one value, one item per step, or the whole list. */
export type ReadMode = 'single' | 'mapped' | 'whole'

export interface PlanInput {
  field: string
  /** For named fields. */
  name?: string
  source: PlanNode
  output: string
  mode: ReadMode
  /** A single value becomes a list of one. */
  wraps: boolean
  lazy: boolean
  partial: boolean
  /** From the wire's kind to the field's. */
  convert?: (value: never) => unknown
}

/** A node of a frozen workflow, with everything scheduling needs to know. Does not change during a run. */
export interface PlanNode {
  id: string
  /** Position in topological order. */
  order: number
  definition: AnyNode
  values: { [field: string]: Json }
  inputs: PlanInput[]
  mapped: PlanInput[]
  lists: 'together' | 'combine'
  /** Whether one step of the node gives a list at this output. */
  givesList: { [output: string]: boolean }
  outputs: { [output: string]: { kind: string; list: boolean } }
  bound: { [variable: string]: { kind: string; list: boolean } }
  readers: PlanNode[]
  /** Fields with a wire. */
  wired: Set<string>
  /** In-process and repeatable: may start before what it depends on is committed. */
  pure: boolean
  seedField?: string
}

export interface Plan {
  nodes: Map<string, PlanNode>
  order: PlanNode[]
  /** The declared outputs with where each really comes from. */
  outputs: { [name: string]: { node: string; output: string } }
}

/** The plan of an analysed workflow without errors: linear in nodes and edges. */
export function makePlan(workflow: Workflow, analysis: Analysis<AnyNode>, catalog: Catalog): Plan {
  const nodes = new Map<string, PlanNode>()
  const order: PlanNode[] = []
  for (const id of analysis.order) {
    const info = analysis.nodes.get(id)
    const file = workflow.nodes[id]
    if (!info || !file) continue
    const node = bareNode(id, order.length, info, file)
    for (const [address, input] of info.inputs) {
      const source = nodes.get(input.from.node)
      if (!source) continue
      node.wired.add(fieldOfAddress(address).field)
      node.inputs.push(planInput(node, address, source, input, info.mapped.includes(address), catalog))
      if (source.readers.at(-1) !== node) source.readers.push(node)
    }
    node.mapped = node.inputs.filter((input) => input.mode === 'mapped')
    nodes.set(id, node)
    order.push(node)
  }
  return { nodes, order, outputs: analysis.outputs }
}

function bareNode(id: string, order: number, info: AnalysedNode<AnyNode>, file: WorkflowNode): PlanNode {
  const { definition, outputs, bound } = info
  const givesList: { [output: string]: boolean } = {}
  for (const [name, output] of Object.entries(definition.outputs))
    givesList[name] = output.list || (output.variable !== undefined && bound[output.variable]?.list === true)
  return {
    id,
    order,
    definition,
    values: file.values ?? {},
    inputs: [],
    mapped: [],
    lists: file.lists ?? 'together',
    givesList,
    outputs,
    bound,
    readers: [],
    wired: new Set(),
    pure: definition.cache === 'always' && !definition.uses && !definition.sink && !definition.asks,
    seedField: Object.entries(definition.fields).find(([, spec]) => spec.seed)?.[0],
  }
}

function planInput(
  node: PlanNode,
  address: string,
  source: PlanNode,
  input: Input,
  mapped: boolean,
  catalog: Catalog,
): PlanInput {
  const { field, name } = fieldOfAddress(address)
  const spec = node.definition.fields[field]
  return {
    field,
    name,
    source,
    output: input.from.output,
    mode: mapped ? 'mapped' : input.type.list ? 'whole' : 'single',
    wraps: input.wraps ?? false,
    lazy: spec?.lazy ?? false,
    partial: spec?.partial ?? false,
    convert: input.convert && catalog.kind(input.convert.to)?.accepts?.[input.convert.from],
  }
}
