import { describe, expect, it } from 'vitest'
import { createCatalog } from '../../runtime/catalog.ts'
import { type AnyNode, defineNode } from '../../runtime/define-node.ts'
import { field, output } from '../../runtime/field.ts'
import { defineKind } from '../../runtime/kind.ts'
import { Json } from '../../runtime/values.ts'
import { sample, sampleKinds, sampleNodes } from './check/sample-catalog.ts'

const plain = defineNode({
  type: 'plain',
  version: 1,
  title: 'Plain',
  category: 'test',
  summary: 'Does nothing.',
  cache: 'always',
  fields: { text: field.text({ help: 'Some text.' }) },
  outputs: { text: output.text() },
  run: (_, { text }) => ({ text }),
  examples: [{ title: 'One', values: { text: 'a' } }],
})

/** What the catalog says to a definition that differs from a good one. */
function complaint(change: Partial<AnyNode>): string {
  try {
    createCatalog({ nodes: [{ ...plain, ...change }] })
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'nothing'
}

describe('createCatalog', () => {
  it('finds node types and kinds by name, the base kinds too, and nothing that is only inherited', () => {
    expect(sample.node('paint')?.title).toBe('Paint')
    expect(sample.kind('mask')?.title).toBe('Mask')
    expect(sample.kind('text')?.title).toBe('Text')
    expect(sample.node('constructor')).toBeUndefined()
    expect(sample.kind('toString')).toBeUndefined()
  })

  it('takes a good definition', () => {
    expect(complaint({})).toBe('nothing')
  })

  it.each<[string, Partial<AnyNode>]>([
    ['it has no examples', { examples: [] }],
    ['it has no summary', { summary: ' ' }],
    ['its type is not a plain name', { type: 'a.b' }],
    ['its version is not a whole number from 1', { version: 0 }],
    ['it has no migration from version 2 to 3', { version: 3, migrations: { 1: (values) => ({ values }) } }],
    ['the field "text" has no help', { fields: { text: field.text({ help: '' }) } }],
    [
      'the field "a" is of the unknown kind "plan"',
      { fields: { a: { ...field.text({ help: 'x' }), kind: 'plan' } } },
    ],
    ['the field "a.b" has no plain name', { fields: { 'a.b': field.text({ help: 'x' }) } }],
    ['"a" fills the unknown field "b"', { fields: { a: field.json({ help: 'x', fills: ['b'] }) } }],
    [
      'the noEffect of "a" names the unknown field "b"',
      { fields: { a: field.json({ help: 'x', noEffect: [{ when: { b: [1] }, reason: 'r' }] }) } },
    ],
    ['the stride of "a" is the unknown field "n"', { fields: { a: field.seed({ help: 'x', stride: 'n' }) } }],
    [
      'the default of the field "a" is not a value',
      { fields: { a: field.integer({ help: 'x', default: 0, min: 1 }) } },
    ],
    [
      'the default of the field "a" is not a value',
      { fields: { a: field.text({ help: 'x', list: true, default: 'b' }) } },
    ],
    [
      'the field "a" is auto, but the node has no auto',
      { fields: { a: field.integer({ help: 'x', default: 'auto' }) } },
    ],
    ['the output "o" is of the unknown kind "plan"', { outputs: { o: { ...output.text(), kind: 'plan' } } }],
    [
      'the output "o" has the type of "T", but no field binds it',
      { outputs: { o: output.any({ variable: 'T' }) } },
    ],
    ['passes names the unknown output "x"', { passes: { x: 'text' } }],
    ['passes names the unknown field "x"', { passes: { text: 'x' } }],
    [
      'auto.from names the unknown field "x"',
      { auto: { from: ['x'], resolve: async () => ({ values: {} }) } },
    ],
  ])('refuses a definition: %s', (reason, change) => {
    expect(complaint(change)).toContain(reason)
  })

  it('names every fault of every definition at once', () => {
    const nodes = [
      { ...plain, examples: [] },
      { ...plain, type: 'other', summary: '' },
    ]
    expect(() => createCatalog({ nodes })).toThrow(
      /"plain": it has no examples; node type "other": it has no summary/,
    )
  })

  it('refuses two node types of one name', () => {
    expect(() => createCatalog({ nodes: [plain, plain] })).toThrow('two node types are called "plain"')
  })

  it('refuses a kind under another name, and one that accepts what is not there', () => {
    const kind = defineKind<Json>({ name: 'k', title: 'K', colour: '#000', shape: 'bar', schema: Json })
    expect(() => createCatalog({ nodes: [], kinds: { other: kind } })).toThrow(
      '"k" is listed under the name "other"',
    )
    const accepts = { gone: (value: Json) => value }
    expect(() => createCatalog({ nodes: [], kinds: { k: { ...kind, accepts } } })).toThrow(
      'unknown kind "gone"',
    )
  })
})

describe('catalog.data', () => {
  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(sample.data))).toEqual(sample.data)
  })

  it('says of a field what an editor needs', () => {
    expect(sample.data.nodes.paint?.fields.steps).toEqual({
      kind: 'integer',
      help: 'How many steps.',
      default: 'auto',
      hints: { min: 1, max: 150 },
      schema: { type: 'integer', minimum: 1, maximum: 150 },
    })
    expect(sample.data.nodes.paint?.fields.sampler).toMatchObject({
      kind: 'text',
      hints: { choices: ['Euler', 'Euler a', 'DPM++ 2M'] },
      schema: { enum: ['Euler', 'Euler a', 'DPM++ 2M'] },
    })
  })

  it('says how kinds look and what they accept', () => {
    expect(sample.data.kinds.mask).toMatchObject({
      title: 'Mask',
      colour: '#eeeeee',
      shape: 'square',
      accepts: { image: true },
    })
  })

  it('holds the node types without what runs them', () => {
    expect(Object.keys(sample.data.nodes)).toEqual(sampleNodes.map((node) => node.type))
    expect(sample.data.nodes.either).toMatchObject({
      demands: true,
      outputs: { value: { kind: 'any', variable: 'T' } },
    })
    expect(sample.data.nodes.paint).not.toHaveProperty('run')
  })

  it('makes no JSON Schema before it is asked for', () => {
    let made = 0
    const counted = new Proxy(field.text({ help: 'x' }).schema, {
      get(schema, key) {
        if (key === '_zod') made++
        return Reflect.get(schema, key)
      },
    })
    const fields = { text: { ...field.text({ help: 'x' }), schema: counted } }
    const { data } = createCatalog({ nodes: [{ ...plain, fields }], kinds: sampleKinds })
    expect(data.nodes.plain?.fields.text?.kind).toBe('text')
    expect(made).toBe(0)
    expect(data.nodes.plain?.fields.text?.schema).toEqual({ type: 'string' })
    expect(made).toBeGreaterThan(0)
  })
})
