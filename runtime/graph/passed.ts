import { compatible, type KindTable } from '../compatible.ts'
import { own } from '../own.ts'
import type { FieldFacts, NodeFacts, OutputFacts } from './facts.ts'
import type { Link } from './links.ts'

/**
 * What a bypassed node passes through: for each output the wire that stands in for it. That is the one into the field
 * its `passes` names, else the first into a field of its very type, else the first into a field whose kind becomes
 * the output's. Outputs that nothing stands in for are left out.
 */
export function passedThrough(
  definition: NodeFacts,
  wires: readonly Link[],
  kinds: KindTable,
): Map<string, Link> {
  const keys = Object.keys(definition.fields)
  const inOrder = [...wires].sort((a, b) => keys.indexOf(a.field) - keys.indexOf(b.field))
  const passed = new Map<string, Link>()
  for (const [name, output] of Object.entries(definition.outputs)) {
    const wire = standIn(definition, name, output, inOrder, kinds)
    if (wire) passed.set(name, wire)
  }
  return passed
}

function standIn(
  definition: NodeFacts,
  name: string,
  output: OutputFacts,
  wires: readonly Link[],
  kinds: KindTable,
): Link | undefined {
  const declared = own(definition.passes, name)
  if (declared !== undefined) return wires.find(({ field }) => field === declared)
  const first = (fits: (field: FieldFacts) => boolean) =>
    wires.find((wire) => fits(own(definition.fields, wire.field) ?? { kind: '' }))
  return (
    first(({ kind, variable }) => kind === output.kind && variable === output.variable) ??
    first(({ kind }) => becomes(kind, output.kind, kinds))
  )
}

function becomes(from: string, to: string, kinds: KindTable): boolean {
  const fit = compatible({ kind: from }, { kind: to }, kinds)
  return fit.ok && !fit.validate
}
