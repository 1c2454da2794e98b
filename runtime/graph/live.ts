import { own } from '../own.ts'
import type { Problem } from '../problem.ts'
import { quoted } from '../wording.ts'
import type { Workflow, WorkflowNode } from '../workflow/schema.ts'
import { outputAddress } from './address.ts'
import type { CatalogFacts, NodeFacts } from './facts.ts'
import { group } from './group.ts'
import type { Link } from './links.ts'
import { missingFields } from './missing.ts'
import { passedThrough } from './passed.ts'

/** What runs once bypassed and muted nodes are taken out. */
export interface Live {
  /** In topological order. */
  nodes: string[]
  /** The wires as they count: one through a bypassed node begins at the node that really gives the value. */
  links: Link[]
  /** The declared outputs with where each really comes from; what is not made is not here. */
  outputs: { [name: string]: Source }
  problems: Problem[]
}

export interface Source {
  node: string
  output: string
}

/**
 * Takes muted nodes out with the wires that leave them, and joins the wires of bypassed ones with what these pass
 * through. A node that so loses a value it needs is taken out too. `sorted` is topological; linear.
 */
export function live(
  workflow: Workflow,
  catalog: CatalogFacts,
  sorted: readonly string[],
  links: readonly Link[],
): Live {
  const result: Live = { nodes: [], links: [], outputs: {}, problems: [] }
  const incoming = group(links, (link) => link.to)
  /** For nodes taken out: by output, the wire whose source stands in for it. */
  const passed = new Map<string, Map<string, Link>>()
  for (const id of sorted) {
    const node = own(workflow.nodes, id)
    const definition = node && own(catalog.nodes, node.type)
    if (!node || !definition) continue
    const wires = incoming.get(id) ?? []
    const kept = wires.flatMap((wire) => rerouted(wire, passed))
    if (node.mode === 'bypass') passed.set(id, passedThrough(definition, kept, catalog.kinds))
    else if (node.mode === 'mute') passed.set(id, new Map())
    else {
      const missing = kept.length < wires.length ? starving(node.values, definition, wires, kept) : []
      result.problems.push(...lostWires(workflow, wires, passed))
      if (missing.length > 0) {
        passed.set(id, new Map())
        result.problems.push(starved(id, missing))
        continue
      }
      result.nodes.push(id)
      result.links.push(...kept)
    }
  }
  result.outputs = declaredOutputs(workflow, new Set(result.nodes), passed)
  return result
}

function declaredOutputs(
  workflow: Workflow,
  running: ReadonlySet<string>,
  passed: Map<string, Map<string, Link>>,
): { [name: string]: Source } {
  const sources: { [name: string]: Source } = {}
  for (const [name, { from }] of Object.entries(workflow.outputs ?? {})) {
    const declared = outputAddress(from)
    const wire = passed.get(declared.node)?.get(declared.output)
    if (wire) sources[name] = { node: wire.from, output: wire.output }
    else if (running.has(declared.node)) sources[name] = declared
  }
  return sources
}

/** The wire from its real source, or nothing when the source was taken out. */
function rerouted(wire: Link, passed: Map<string, Map<string, Link>>): Link[] {
  const outputs = passed.get(wire.from)
  if (!outputs) return [wire]
  const source = outputs.get(wire.output)
  return source ? [{ ...wire, from: source.from, output: source.output }] : []
}

/** Fields that need a value and lost theirs with a wire. */
function starving(
  values: WorkflowNode['values'],
  definition: NodeFacts,
  wires: readonly Link[],
  kept: readonly Link[],
): string[] {
  const lost = new Set(wires.map((wire) => wire.field))
  const wired = new Set(kept.map((wire) => wire.field))
  return missingFields(definition, values ?? {}, (field) => wired.has(field)).filter((field) =>
    lost.has(field),
  )
}

function lostWires(
  workflow: Workflow,
  wires: readonly Link[],
  passed: Map<string, Map<string, Link>>,
): Problem[] {
  return wires
    .filter(({ from, output }) => {
      const bypassed = own(workflow.nodes, from)?.mode === 'bypass'
      return bypassed && passed.has(from) && !passed.get(from)?.has(output)
    })
    .map((wire) => ({
      severity: 'warning',
      code: 'nothing-passed',
      node: wire.to,
      field: wire.address,
      message: `"${wire.from}" is bypassed and has nothing to pass on as "${wire.output}", so "${wire.to}.${wire.address}" gets no value from it.`,
      hint: `Wire something of that kind into "${wire.from}", or end the bypass.`,
    }))
}

function starved(id: string, missing: readonly string[]): Problem {
  return {
    severity: 'warning',
    code: 'does-not-run',
    node: id,
    message: `"${id}" will not run: what gives its ${missing.length > 1 ? 'fields' : 'field'} ${quoted(missing)} is muted or bypassed.`,
    hint: 'Run what comes before it (unmute it, or end its bypass), or give the field another value.',
  }
}
