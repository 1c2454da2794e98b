import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyOf, keyParts } from '../../runtime/cache-key.ts'
import { canonical } from '../../runtime/canonical.ts'
import { field } from '../../runtime/field.ts'
import { baseKinds, defineKind, type Kind } from '../../runtime/kind.ts'
import type { Json } from '../../runtime/values.ts'
import { sha256 } from '../tools/engine.ts'
import { draw, text } from '../tools/nodes.ts'

/** A kind of which only the strokes count. */
const mask = defineKind({
  ...baseKinds.json,
  name: 'mask',
  content: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value.strokes ?? null) : value,
})
const kinds: { [name: string]: Kind } = { ...baseKinds, mask }
const masked = {
  ...text,
  fields: {
    mask: { ...field.json({ help: 'A mask.' }), kind: 'mask' },
    masks: { ...field.json({ help: 'Masks.', list: true }), kind: 'mask' },
    parts: { ...field.json({ help: 'By name.', named: true }), kind: 'mask' },
    free: field.json({ help: 'Anything.' }),
  },
}
const parts = (values: { [field: string]: Json | undefined }, more: object = {}) =>
  keyParts({
    definition: { ...masked, fields: { ...masked.fields } },
    values,
    kind: (name) => kinds[name],
    feedback: [],
    hash: sha256,
    ...more,
  })
const blob = (mime: string) => ({ blob: 'a'.repeat(64), mime, bytes: 3 })

it('[R47] a key holds type, version and values', () => {
  expect(parts({ free: 1 })).toEqual({ type: 'text', version: 1, values: { free: 1 } })
})

it('[R47] the identity of a model and the feedbacks so far are part of it', () => {
  expect(parts({}, { resolved: { values: {}, identity: 'sha' }, feedback: [{ text: 'x' }] })).toMatchObject({
    identity: 'sha',
    feedback: [{ text: 'x' }],
  })
})

it('[R47] a choice without an identity adds nothing', () => {
  expect(parts({}, { resolved: { values: { steps: 5 } } })).not.toHaveProperty('identity')
})

it('[R47] a picture counts by the hash of its bytes, and not by its name or size', () => {
  expect(parts({ free: blob('image/png') })).toEqual(parts({ free: { ...blob('image/webp'), width: 5 } }))
})

it('[R47] pictures inside of other values count by their hashes too', () => {
  expect(parts({ free: { deep: [blob('image/png')] } })).toEqual(
    parts({ free: { deep: [blob('image/webp')] } }),
  )
})

it.each([
  ['a single value', (value: Json) => ({ mask: value })],
  ['each item of a list', (value: Json) => ({ masks: [value] })],
  ['each named value', (value: Json) => ({ parts: { a: value } })],
])('[R47] a kind says what counts of %s', (_, values) => {
  expect(parts(values({ strokes: [1], note: 'x' }))).toEqual(parts(values({ strokes: [1], note: 'y' })))
  expect(parts(values({ strokes: [1] }))).not.toEqual(parts(values({ strokes: [2] })))
})

it('[R47] values that are not there, and fields that fill others, do not count', () => {
  const made = keyParts({
    definition: draw,
    values: { plan: { reason: 'x' }, prompt: undefined, steps: 5 },
    kind: (name) => kinds[name],
    feedback: [],
    hash: sha256,
  })
  expect(made.values).toEqual({ steps: 5 })
})

it('[R47] a field that says where work is done does not count', () => {
  const server = { ...field.text({ help: 'Which server.', counts: false }) }
  const made = keyParts({
    definition: { ...text, fields: { server } },
    values: { server: 'a' },
    kind: (name) => kinds[name],
    feedback: [],
    hash: sha256,
  })
  expect(made.values).toEqual({})
})

it('[R47] a value that no field declares counts as it is', () => {
  expect(parts({ foreign: { a: undefined, b: 1 } }).values).toEqual({ foreign: { a: null, b: 1 } })
})

it('[R47] the key is the hash of the canonical text', () => {
  const made = parts({ free: 1 })
  expect(keyOf(made, sha256)).toBe(sha256('{"type":"text","values":{"free":1},"version":1}'))
})

it('[R47] canonical text is the same whatever the order of keys, and reads back as the value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const back: unknown = JSON.parse(canonical(value))
      expect(canonical(back)).toBe(canonical(value))
      const turned = Object.fromEntries(Object.entries(value).reverse())
      expect(canonical(turned)).toBe(canonical(value))
    }),
  )
})

it.each([
  [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
  [
    { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, ö: 7 },
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\ud83d\ude00":5,"\ufb33":3}',
  ],
  [[333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0], '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]'],
  [[undefined, null, true, false, 'a"b'], '[null,null,true,false,"a\\"b"]'],
  [{ a: undefined }, '{}'],
])('[R47] canonical text follows RFC 8785: %j', (value, expected) => {
  expect(canonical(value)).toBe(expected)
})

it.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('x'), 1n])(
  '[R47] what JSON cannot hold is refused: %s',
  (value) => {
    expect(() => canonical({ a: value })).toThrow(TypeError)
  },
)
