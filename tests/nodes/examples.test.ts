import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { exampleBytes } from '../../nodes/kinds/example-pictures.ts'
import { kinds } from '../../nodes/kinds/kinds.ts'
import type { AnyNode } from '../../runtime/define-node.ts'
import { definitionFaults } from '../../runtime/definition-faults.ts'
import { hasDemoModel, makeServices } from './make-services.ts'
import { runNode } from './run-node.ts'

const folder = new URL('../../nodes/', import.meta.url)
const out = mkdtempSync(join(tmpdir(), 'planograph-examples-'))
const services = makeServices(out)

afterAll(async () => {
  await services.images.close()
  rmSync(out, { recursive: true })
})

const files = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'kinds' && entry.name !== 'services')
  .flatMap((category) =>
    readdirSync(new URL(`${category.name}/`, folder))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => ({ category: category.name, type: file.slice(0, -3) })),
  )

const nodes = await Promise.all(
  files.map(async (file) => {
    const module: { default: AnyNode } = await import(`${folder.href}${file.category}/${file.type}.ts`)
    return { ...file, node: module.default }
  }),
)

describe.each(nodes)('the node $type', ({ category, type, node }) => {
  const needsModel = node.uses?.({})?.pool === 'images' && !hasDemoModel

  test('is named and filed as it says', () => {
    expect([node.category, node.type]).toEqual([category, type])
  })

  test('is defined without faults, with help on every field', () => {
    expect(definitionFaults(node, kinds)).toEqual([])
  })

  test('has names that people search for', () => {
    expect(node.aliases?.length).toBeGreaterThan(0)
  })

  // Painting needs the demo model; without its files these are skipped and say so.
  test.skipIf(needsModel).each(node.examples)('shows: $title', async (example) => {
    if (example.fails !== undefined) {
      await expect(runNode(node, { ...example.values }, services)).rejects.toMatchObject({
        name: 'PlanographError',
        message: expect.stringContaining(example.fails),
      })
      return
    }
    expect(refusedValues(node, example.values)).toEqual([])
    const { outputs, blobs, failures } = await runNode(node, { ...example.values }, services)
    expect(failures).toEqual([])
    expect(refusedOutputs(node, outputs)).toEqual([])
    if (example.outputs) expect(outputs).toMatchObject(example.outputs)
    await example.check?.(outputs, { read: (ref) => blobs.read(ref) })
  })
})

describe('the example pictures', () => {
  test.each(Object.entries(exampleBytes))('have the hash they are kept by: %s', (hash, text) => {
    expect(createHash('sha256').update(Buffer.from(text, 'base64')).digest('hex')).toBe(hash)
  })
})

/** Fields of an example whose values their own schemas refuse. */
function refusedValues(node: AnyNode, values: object): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const field = node.fields[name]
    if (!field) return [`${name}: no such field`]
    const single = field.list ? value : field.named ? Object.values(value) : [value]
    const refused = single.some((item: unknown) => !field.schema.safeParse(item).success)
    return refused ? [name] : []
  })
}

/** Outputs that are missing or not of their kind. */
function refusedOutputs(node: AnyNode, outputs: { [output: string]: unknown }): string[] {
  return Object.entries(node.outputs).flatMap(([name, { list, schema }]) => {
    const value = outputs[name]
    const items: unknown[] = list && Array.isArray(value) ? value : [value]
    return items.every((item) => schema.safeParse(item).success) ? [] : [name]
  })
}
