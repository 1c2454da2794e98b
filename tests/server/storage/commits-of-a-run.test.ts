import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { defineNode } from '../../../runtime/define-node.ts'
import { field, output } from '../../../runtime/field.ts'
import { type HomeStorage, openStorage } from '../../../server/storage/open-storage.ts'
import { graph, makeRuntime } from '../../tools/engine.ts'

const addOne = defineNode({
  type: 'add-one',
  version: 1,
  title: 'Add one',
  category: 'test',
  summary: 'Adds one.',
  fields: { value: field.integer({ help: 'A number.', default: 0 }) },
  outputs: { value: output.integer() },
  cache: 'always',
  run: (_ctx, { value }) => ({ value: value + 1 }),
  examples: [{ title: 'adds', values: { value: 1 }, outputs: { value: 2 } }],
})

let home: string
let storage: HomeStorage

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'planograph-commits-'))
  storage = openStorage(home)
})

afterEach(async () => {
  await storage.close()
  await rm(home, { recursive: true, force: true })
})

it('a chain of 1,000 repeatable steps takes at most 50 commits, each one fsync', async () => {
  const length = 1_000
  const ids = Array.from({ length }, (_, i) => `n${i}`)
  const edges = ids.slice(1).map((id, i) => `n${i}.value > ${id}.value`)
  const chain = graph(Object.fromEntries(ids.map((id) => [id, ['add-one']])), edges)
  const run = await makeRuntime([addOne], { storage }).start(chain)
  const view = await run.idle()
  expect(view.outputs).toEqual({ 'n999.value': length })
  expect(storage.stats.commits).toBeLessThanOrEqual(50)
})
