import { describe, expect, it } from 'vitest'
import { compatible } from '../../runtime/compatible.ts'
import { baseKinds, defineKind } from '../../runtime/kind.ts'
import { Json } from '../../runtime/values.ts'

const image = defineKind<Json>({
  name: 'image',
  title: 'Image',
  colour: '#000',
  shape: 'square',
  schema: Json,
})
const mask = defineKind<Json>({
  name: 'mask',
  title: 'Mask',
  colour: '#fff',
  shape: 'square',
  schema: Json,
  accepts: { image: (value: Json) => value },
})
const lora = defineKind<Json>({ name: 'lora', title: 'LoRA', colour: '#fff', shape: 'star', schema: Json })
const kinds = { ...baseKinds, image, mask, lora }

const between = (from: string, to: string) => compatible({ kind: from }, { kind: to }, kinds)

describe('compatible', () => {
  it('says yes to the same kind without a conversion', () => {
    expect(between('image', 'image')).toEqual({ ok: true })
  })

  it.each([
    ['number', 'integer'],
    ['integer', 'number'],
    ['number', 'text'],
    ['integer', 'text'],
    ['boolean', 'text'],
    ['image', 'mask'],
  ])('converts %s to %s', (from, to) => {
    expect(between(from, to)).toEqual({ ok: true, convert: { from, to } })
  })

  it('refuses a kind that does not fit, and says what the field takes', () => {
    expect(between('mask', 'image')).toEqual({
      ok: false,
      reason: 'A mask value cannot go into an image field, which takes only image values.',
    })
  })

  it('names every kind that a field takes, and leaves abbreviations as they are written', () => {
    expect(between('lora', 'text')).toEqual({
      ok: false,
      reason:
        'A LoRA value cannot go into a text field, which takes only text, number, integer or yes-or-no values.',
    })
  })

  it('does not turn text into a number', () => {
    expect(between('text', 'number').ok).toBe(false)
  })

  it('lets anything into a field of any kind and into a JSON field', () => {
    expect(between('image', 'any')).toEqual({ ok: true })
    expect(between('image', 'json')).toEqual({ ok: true })
  })

  it('lets JSON and values of unknown kind in, to be validated when they are there', () => {
    expect(between('json', 'image')).toEqual({ ok: true, validate: true })
    expect(between('any', 'number')).toEqual({ ok: true, validate: true })
  })

  it('maps a list over a single field', () => {
    expect(compatible({ kind: 'image', list: true }, { kind: 'image' }, kinds)).toEqual({
      ok: true,
      maps: true,
    })
    expect(compatible({ kind: 'image', list: true }, { kind: 'any' }, kinds)).toEqual({
      ok: true,
      maps: true,
    })
  })

  it('gives a whole list to a field that takes one', () => {
    expect(compatible({ kind: 'image', list: true }, { kind: 'image', list: true }, kinds)).toEqual({
      ok: true,
    })
  })

  it('makes a single value a list of one', () => {
    expect(compatible({ kind: 'integer' }, { kind: 'text', list: true }, kinds)).toEqual({
      ok: true,
      convert: { from: 'integer', to: 'text' },
      wraps: true,
    })
  })

  it('gives a whole list to a type variable', () => {
    expect(compatible({ kind: 'image', list: true }, { kind: 'any', variable: 'T' }, kinds)).toEqual({
      ok: true,
    })
  })

  it('refuses a kind that it does not know by its name', () => {
    expect(between('toString', 'image')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('toString'),
    })
  })
})
