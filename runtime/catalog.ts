import { type CatalogData, catalogData } from './catalog-data.ts'
import type { AnyNode } from './define-node.ts'
import { definitionFaults } from './definition-faults.ts'
import { PlanographError } from './errors.ts'
import { baseKinds, type Kind } from './kind.ts'
import { own } from './own.ts'

/** All node types and kinds of a program. Made once, never changed. */
export interface Catalog {
  /** By type. */
  readonly nodes: { readonly [type: string]: AnyNode }
  /** By name, the base kinds included. */
  readonly kinds: { readonly [name: string]: Kind }
  node(type: string): AnyNode | undefined
  kind(name: string): Kind | undefined
  /** As plain JSON; made when it is first read. */
  readonly data: CatalogData
}

/**
 * Brings node types and the domain's kinds together.
 * @throws `bug` with code `bad-definition`, naming every fault of every definition at once.
 */
export function createCatalog(parts: {
  nodes: readonly AnyNode[]
  kinds?: { readonly [name: string]: Kind }
}): Catalog {
  const kinds: { [name: string]: Kind } = { ...baseKinds, ...parts.kinds }
  const faults = [...kindFaults(kinds), ...repeated(parts.nodes)]
  for (const node of parts.nodes) faults.push(...definitionFaults(node, kinds))
  if (faults.length > 0) throw badDefinitions(faults)
  const nodes = Object.fromEntries(parts.nodes.map((node) => [node.type, node]))
  let data: CatalogData | undefined
  return {
    nodes,
    kinds,
    node: (type) => own(nodes, type),
    kind: (name) => own(kinds, name),
    get data() {
      data ??= catalogData(parts.nodes, kinds)
      return data
    },
  }
}

function kindFaults(kinds: { [name: string]: Kind }): string[] {
  const faults: string[] = []
  for (const [name, kind] of Object.entries(kinds)) {
    if (kind.name !== name) faults.push(`the kind "${kind.name}" is listed under the name "${name}"`)
    for (const from of Object.keys(kind.accepts ?? {}))
      if (!Object.hasOwn(kinds, from)) faults.push(`the kind "${name}" accepts the unknown kind "${from}"`)
  }
  return faults
}

function repeated(nodes: readonly AnyNode[]): string[] {
  const seen = new Set<string>()
  return nodes.flatMap(({ type }) => {
    if (seen.has(type)) return [`two node types are called "${type}"`]
    seen.add(type)
    return []
  })
}

function badDefinitions(faults: string[]): PlanographError {
  return new PlanographError('bug', `The catalog cannot be made: ${faults.join('; ')}.`, {
    code: 'bad-definition',
    hint: 'Correct the definitions named here.',
    details: faults,
  })
}
