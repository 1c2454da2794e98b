import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { workflowSchema } from '../../../runtime/workflow/json-schema.ts'
import { postcard } from './sample.ts'

const published = fileURLToPath(new URL('../../../runtime/workflow/workflow.schema.json', import.meta.url))

describe('the JSON Schema of workflow files', () => {
  it('is published as it is', () => {
    expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(JSON.parse(JSON.stringify(workflowSchema())))
  })

  it('takes a workflow and refuses a wrong one', () => {
    const schema = z.fromJSONSchema(workflowSchema())
    const workflow = JSON.parse(postcard)
    expect(schema.safeParse(workflow).success).toBe(true)
    expect(schema.safeParse({ ...workflow, extra: 1 }).success).toBe(true)
    expect(schema.safeParse({ ...workflow, planograph: 2 }).success).toBe(false)
    expect(schema.safeParse({ ...workflow, edges: [{ from: 'a', to: 'b' }] }).success).toBe(false)
    expect(schema.safeParse({ ...workflow, nodes: { 'a b': { type: 't' } } }).success).toBe(false)
  })
})
