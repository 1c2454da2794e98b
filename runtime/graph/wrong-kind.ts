import { own } from '../own.ts'
import type { Problem } from '../problem.ts'
import { list } from '../wording.ts'
import type { CatalogFacts, FieldFacts, NodeFacts } from './facts.ts'
import type { Link } from './links.ts'
import { missingFields } from './missing.ts'

/** The problem of a wire that `compatible` refused, with the node types that would help. */
export function wrongKind(
  link: Link,
  reason: string,
  kind: string,
  definition: NodeFacts,
  catalog: CatalogFacts,
): Problem {
  const { from, output, to, address } = link
  const field = own(definition.fields, link.field)
  const between = field ? converters(kind, field, catalog) : []
  return {
    severity: 'error',
    code: 'wrong-kind',
    node: to,
    field: address,
    place: `edges[${link.edge}]`,
    message: `"${from}.${output}" cannot be wired into "${to}.${address}": ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`,
    hint:
      between.length > 0
        ? `Put ${list(between, 'or')} between them, or wire something else.`
        : 'Wire something of that kind, or remove the wire.',
  }
}

/** Titles of node types that make what the field takes from what there is, and need nothing else; at most three. */
function converters(from: string, to: FieldFacts, catalog: CatalogFacts): string[] {
  const found: string[] = []
  for (const definition of Object.values(catalog.nodes)) {
    if (converts(definition, from, to.kind)) found.push(`"${definition.title}"`)
    if (found.length === 3) break
  }
  return found
}

function converts(definition: NodeFacts, from: string, to: string): boolean {
  const { fields, outputs } = definition
  const taking = Object.keys(fields).find((key) => fields[key]?.kind === from && !fields[key]?.variable)
  const gives = Object.values(outputs).some(({ kind, variable }) => kind === to && variable === undefined)
  return gives && taking !== undefined && missingFields(definition, {}, (key) => key === taking).length === 0
}
