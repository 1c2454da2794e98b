import type { Catalog } from './catalog.ts'
import type { Seed } from './seed.ts'
import type { Workflow, WorkflowNode } from './workflow/schema.ts'

/** The workflow with the seeds that a run drew set in its nodes, so that running it makes the same pictures again. */
export function seededWorkflow(
  workflow: Workflow,
  seeds: { [node: string]: Seed },
  catalog: Pick<Catalog, 'node'>,
): Workflow {
  const nodes: { [id: string]: WorkflowNode } = { ...workflow.nodes }
  for (const [id, seed] of Object.entries(seeds)) {
    const node = nodes[id]
    const fields = node && catalog.node(node.type)?.fields
    const field = fields && Object.keys(fields).find((name) => fields[name]?.seed)
    const isWired = workflow.edges.some(({ to }) => to === `${id}.${field}`)
    if (node && field !== undefined && !isWired)
      nodes[id] = { ...node, values: { ...node.values, [field]: seed } }
  }
  return { ...workflow, nodes }
}
