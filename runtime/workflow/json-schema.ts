import { z } from 'zod'
import type { JsonSchema } from '../catalog-data.ts'
import { Workflow } from './schema.ts'

/** The JSON Schema (draft 2020-12) of workflow files, for editors and other programs. */
export function workflowSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(Workflow, { io: 'input' })
  return {
    $schema,
    title: 'Planograph workflow',
    description: 'A graph of nodes that plan and make pictures.',
    ...schema,
  }
}
