import type { Catalog } from '../../runtime/catalog.ts'
import { PlanographError } from '../../runtime/errors.ts'
import type { Problem } from '../../runtime/problem.ts'
import type { Json } from '../../runtime/values.ts'
import { parse } from '../../runtime/workflow/parse.ts'
import type { Workflow } from '../../runtime/workflow/schema.ts'
import { readSource, type Source } from './source/read-source.ts'

export interface Loaded {
  workflow: Workflow
  source: Source
  warnings: Problem[]
}

/**
 * Reads a workflow from wherever a person keeps it and brings it to the installed versions.
 * @throws `invalid` with all problems in `details.problems`.
 */
export async function loadWorkflow(given: string, cwd: string, catalog: Catalog): Promise<Loaded> {
  const source = await readSource(given, cwd)
  const parsed = parse(source.text, catalog)
  if (parsed.ok) return { workflow: parsed.workflow, source, warnings: parsed.warnings }
  throw invalidWorkflow(source.name, parsed.problems)
}

/** All problems of a workflow as one error. */
export function invalidWorkflow(name: string, problems: readonly Problem[]): PlanographError {
  return new PlanographError('invalid', `${name} cannot run as it is.`, {
    code: 'invalid-workflow',
    hint: '',
    details: { problems: problems.map((problem): Json => ({ ...problem })) },
  })
}

/** The problems that an error carries. */
export function problemsOf(error: PlanographError): Problem[] {
  const { details } = error
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return []
  const problems: readonly unknown[] = Array.isArray(details.problems) ? details.problems : []
  return problems.flatMap((problem) => (isProblem(problem) ? [problem] : []))
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'severity' in value &&
    'message' in value &&
    'hint' in value
  )
}
