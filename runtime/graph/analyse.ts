import { nearest } from '../nearest.ts'
import type { Problem } from '../problem.ts'
import { quoted } from '../wording.ts'
import type { Workflow } from '../workflow/schema.ts'
import { cycles } from './cycles.ts'
import type { CatalogFacts, NodeFacts } from './facts.ts'
import { group } from './group.ts'
import { type Link, links } from './links.ts'
import { live, type Source } from './live.ts'
import { order } from './order.ts'
import { type AnalysedNode, types } from './types.ts'

/** A workflow's graph as it runs: bypassed and muted nodes are gone, and every wire has its type. */
export interface Analysis<N extends NodeFacts = NodeFacts> {
  /** The nodes that run, in topological order; those on a loop at the end. */
  order: string[]
  nodes: Map<string, AnalysedNode<N>>
  /** The wires between them, in the order of `order`. */
  links: Link[]
  /** The declared outputs with where each really comes from, through bypassed nodes; what is not made is not here. */
  outputs: { [name: string]: Source }
  /** What is wrong with nodes, wires and kinds. With an error among them the workflow cannot run. */
  problems: Problem[]
}

/** Looks at a workflow once for all who ask about its graph. Linear in nodes and edges, without recursion. */
export function analyse<N extends NodeFacts>(workflow: Workflow, catalog: CatalogFacts<N>): Analysis<N> {
  const unknown = unknownTypes(workflow, catalog)
  const wires = links(workflow, catalog)
  const ids = Object.keys(workflow.nodes)
  const sorted = order(ids, wires.links)
  const loops = sorted.rest.length > 0 ? cycles(ids, wires.links) : []
  const running = live(workflow, catalog, [...sorted.order, ...sorted.rest], wires.links)
  const typed = types(workflow, catalog, running.nodes, running.links)
  return {
    order: running.nodes,
    nodes: typed.nodes,
    links: running.links,
    outputs: running.outputs,
    problems: [
      ...unknown,
      ...wires.problems,
      ...loops.map(loopProblem),
      ...running.problems,
      ...typed.problems,
    ],
  }
}

function unknownTypes(workflow: Workflow, catalog: CatalogFacts): Problem[] {
  const unknown = Object.entries(workflow.nodes).filter(([, { type }]) => !Object.hasOwn(catalog.nodes, type))
  return Array.from(group(unknown, ([, { type }]) => type)).flatMap(([type, nodes]) => {
    const near = nearest(type, Object.keys(catalog.nodes))
    const install = `nstall what brings "${type}", or remove the node.`
    const hint = near.length > 0 ? `Did you mean ${quoted(near, 'or')}? Otherwise i${install}` : `I${install}`
    const message = (id: string) => `"${id}" is of the type "${type}", which is not installed.`
    return nodes.map(
      ([node]): Problem => ({ severity: 'error', code: 'unknown-type', node, message: message(node), hint }),
    )
  })
}

function loopProblem(loop: string[]): Problem {
  const [first = ''] = loop
  const path = [...loop, first].map((id) => `"${id}"`).join(' → ')
  return {
    severity: 'error',
    code: 'cycle',
    node: first,
    message: `These nodes wait for one another in a loop: ${path}.`,
    hint: 'Remove one of the wires of the loop.',
  }
}
