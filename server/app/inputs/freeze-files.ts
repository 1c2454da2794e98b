import type { Catalog } from '../../../runtime/catalog.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import { own } from '../../../runtime/own.ts'
import type { Problem } from '../../../runtime/problem.ts'
import { blobsIn, type Json } from '../../../runtime/values.ts'
import type { Workflow } from '../../../runtime/workflow/schema.ts'
import { type FileKeeper, freezeValue, namesFiles } from './freeze-value.ts'

export interface FreezeOptions extends FileKeeper {
  /** Whether a blob is kept already. */
  has(hash: string): Promise<boolean>
}

/**
 * The workflow with blobs in place of the files and folders that its typed values name. Wired fields are left alone:
 * their step reads them. A broken file and a blob that is gone are problems, all at once.
 */
export async function freezeFiles(
  workflow: Workflow,
  catalog: Catalog,
  options: FreezeOptions,
): Promise<{ workflow: Workflow; problems: Problem[] }> {
  const wired = new Set(workflow.edges.map(({ to }) => to))
  const problems: Problem[] = []
  const nodes = { ...workflow.nodes }
  for (const [id, node] of Object.entries(workflow.nodes)) {
    const fields = catalog.node(node.type)?.fields ?? {}
    const values = { ...node.values }
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined || wired.has(`${id}.${name}`)) continue
      const field = own(fields, name)
      const freeze = async () =>
        field && namesFiles(field) ? await freezeValue(value, field, options) : value
      const result = await attempt(async () => await present(await freeze(), options))
      if (result.ok) values[name] = result.value
      else problems.push(problemOf(result.error, id, name))
    }
    if (node.values) nodes[id] = { ...node, values }
  }
  return { workflow: { ...workflow, nodes }, problems }
}

type Attempt = { ok: true; value: Json } | { ok: false; error: PlanographError }

async function attempt(work: () => Promise<Json>): Promise<Attempt> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof PlanographError && error.class === 'invalid') return { ok: false, error }
    throw error
  }
}

/** The value, if every blob it points at is kept. */
async function present(value: Json, { has }: FreezeOptions): Promise<Json> {
  for (const { blob, mime } of blobsIn(value)) {
    if (await has(blob)) continue
    throw new PlanographError(
      'invalid',
      `It points at a file (${mime}, ${blob.slice(0, 12)}…) that is not here.`,
      {
        code: 'blob-gone',
        hint: 'Choose the file anew, or use a .planograph bundle, which brings its files along.',
      },
    )
  }
  return value
}

export function problemOf(error: PlanographError, node?: string, field?: string): Problem {
  const { code = error.class, message, hint = '' } = error
  return { severity: 'error', code, node, field, message, hint }
}
