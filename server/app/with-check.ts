import type { Catalog } from '../../runtime/catalog.ts'
import { check } from '../../runtime/check/check.ts'
import type { Problem } from '../../runtime/problem.ts'
import type { Workflow } from '../../runtime/workflow/schema.ts'

/** Problems found so far, and those of the check; a field that is in trouble already is not named twice. */
export function withCheck(found: readonly Problem[], workflow: Workflow, catalog: Catalog): Problem[] {
  const address = ({ node, field }: Problem) => `${node}.${field}`
  const known = new Set(found.filter(({ field }) => field !== undefined).map(address))
  return [...found, ...check(workflow, catalog.data).filter((problem) => !known.has(address(problem)))]
}
