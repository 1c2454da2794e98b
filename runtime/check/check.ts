import type { CatalogData } from '../catalog-data.ts'
import { fieldOfAddress } from '../graph/address.ts'
import { type Analysis, analyse } from '../graph/analyse.ts'
import { own } from '../own.ts'
import type { Problem } from '../problem.ts'
import type { Workflow } from '../workflow/schema.ts'
import { faceProblems } from './face-problems.ts'
import { nodeProblems } from './node-problems.ts'
import { typedValueCheck } from './typed-value.ts'

/**
 * Everything that is wrong with a workflow, at once. With an error among the problems it cannot run; warnings say what
 * will not be as one may think. Nodes that are muted or bypassed are asked only whether their types and wires exist.
 * Give the analysis where it was made already.
 */
export function check(
  workflow: Workflow,
  catalog: CatalogData,
  analysis: Pick<Analysis, 'order' | 'nodes' | 'outputs' | 'problems'> = analyse(workflow, catalog),
): Problem[] {
  const problems = [
    ...analysis.problems,
    ...newerNodes(workflow, catalog),
    ...runningNodes(workflow, catalog, analysis),
    ...faceProblems(workflow, catalog, (output) => Object.hasOwn(analysis.outputs, output)),
  ]
  const isBroken = problems.some(({ severity }) => severity === 'error')
  return analysis.order.length === 0 && !isBroken ? [...problems, nothingToRun(workflow)] : problems
}

function runningNodes(
  workflow: Workflow,
  catalog: CatalogData,
  analysis: Pick<Analysis, 'nodes'>,
): Problem[] {
  const checkValue = typedValueCheck()
  const problems: Problem[] = []
  for (const [id, { type, version = 1, values = {} }] of Object.entries(workflow.nodes)) {
    const definition = own(catalog.nodes, type)
    const inputs = analysis.nodes.get(id)?.inputs
    // What a newer version of a type means by its values is not known here.
    if (!definition || !inputs || version > definition.version) continue
    const wired = new Set<string>()
    for (const address of inputs.keys()) wired.add(fieldOfAddress(address).field)
    const node = { id, definition, values, isWired: (field: string) => wired.has(field) }
    for (const problem of nodeProblems(node, checkValue)) problems.push(problem)
  }
  return problems
}

function newerNodes(workflow: Workflow, catalog: CatalogData): Problem[] {
  return Object.entries(workflow.nodes).flatMap(([id, { type, version = 1 }]) => {
    const installed = own(catalog.nodes, type)?.version
    if (installed === undefined || version <= installed) return []
    return {
      severity: 'error',
      code: 'newer-node',
      node: id,
      message: `"${id}" was made with version ${version} of "${type}", but version ${installed} is installed.`,
      hint: 'Update Planograph, or place the node anew.',
    }
  })
}

function nothingToRun(workflow: Workflow): Problem {
  const isEmpty = Object.keys(workflow.nodes).length === 0
  return {
    severity: 'error',
    code: 'nothing-to-run',
    message: isEmpty
      ? 'There is nothing to run: the workflow has no nodes.'
      : 'There is nothing to run: every node is muted or bypassed.',
    hint: isEmpty ? 'Add a node.' : 'Unmute a node, or end its bypass.',
  }
}
