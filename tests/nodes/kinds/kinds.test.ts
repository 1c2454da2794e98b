import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { examplePictures } from '../../../nodes/kinds/example-pictures.ts'
import { kinds } from '../../../nodes/kinds/kinds.ts'
import { isDrawn, Mask } from '../../../nodes/kinds/mask.ts'
import { Control, Lora } from '../../../nodes/kinds/models.ts'
import { Plan, parameterLabels, planParameters } from '../../../nodes/kinds/plan.ts'

const { house } = examplePictures
const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success

import { compatible } from '../../../runtime/compatible.ts'

describe('the kinds', () => {
  test('are kept by their names', () => {
    for (const [key, kind] of Object.entries(kinds)) expect(kind.name).toBe(key)
  })

  test('are told apart by colour, and each has its shape', () => {
    const colours = Object.values(kinds).map(({ colour }) => colour)
    expect(new Set(colours).size).toBe(colours.length)
  })

  test('let a checkpoint and a text go into each other, but no picture into a mask', () => {
    const fits = (from: string, to: string) => compatible({ kind: from }, { kind: to }, kinds).ok
    expect([fits('model', 'text'), fits('text', 'model'), fits('image', 'mask')]).toEqual([true, true, false])
  })

  test.each([
    [kinds.image, house],
    [kinds.mask, house],
    [
      kinds.mask,
      {
        size: [4, 4],
        strokes: [
          {
            tool: 'brush',
            points: [
              [1, 1],
              [2, 2, 0.5],
            ],
          },
        ],
      },
    ],
    [kinds.plan, { prompt: 'a cat' }],
    [kinds.lora, { name: 'waves' }],
    [kinds.control, { image: house, model: 'canny' }],
  ])('can be checked as JSON Schema, as the catalog does: $name', (kind, value) => {
    const read = z.fromJSONSchema(z.toJSONSchema(kind.schema, { io: 'input' }))
    expect(accepts(read, value)).toBe(true)
    expect(accepts(read, 5)).toBe(false)
  })
})

describe('an image', () => {
  test('is a blob that says it is one', () => {
    expect(accepts(kinds.image.schema, house)).toBe(true)
    expect(accepts(kinds.image.schema, { ...house, mime: 'text/plain' })).toBe(false)
    expect(accepts(kinds.image.schema, 'house.png')).toBe(false)
  })
})

describe('a mask', () => {
  test('is a picture or a drawing', () => {
    expect(isDrawn(Mask.parse(house))).toBe(false)
    expect(isDrawn(Mask.parse({ size: [4, 4], strokes: [] }))).toBe(true)
    expect(accepts(Mask, { size: [0, 4], strokes: [] })).toBe(false)
  })

  test('has strokes with a place, of a tool we know', () => {
    const drawn = (stroke: object) => accepts(Mask, { size: [4, 4], strokes: [stroke] })
    expect(drawn({ tool: 'brush', points: [[1, 2]] })).toBe(true)
    expect(drawn({ tool: 'brush', points: [] })).toBe(false)
    expect(drawn({ tool: 'spray', points: [[1, 2]] })).toBe(false)
    expect(drawn({ tool: 'brush', points: [[1, 2]], hardness: 2 })).toBe(false)
  })
})

describe('a plan', () => {
  test('needs nothing but a prompt: what it does not say is left open', () => {
    const plan = Plan.parse({ prompt: 'a cat' })
    for (const parameter of planParameters)
      expect(plan[parameter]).toBe(parameter === 'prompt' ? 'a cat' : null)
    expect(plan).toMatchObject({
      intent: 'txt2img',
      reasons: {},
      alternatives: [],
      warnings: [],
      advice: '',
      by: 'by hand',
    })
  })

  test.each([
    { steps: 0 },
    { steps: 151 },
    { steps: 20.5 },
    { cfg: 31 },
    { width: 500 },
    { height: 8192 },
    { denoise: 1.1 },
    { count: 0 },
    { model: '' },
    { intent: 'upscale' },
    { alternatives: [{ parameter: 'colour', value: 'red', reason: 'why not' }] },
  ])('is refused with %j', (wrong) => {
    expect(accepts(Plan, { prompt: 'a cat', ...wrong })).toBe(false)
  })

  test('offers other ways with what changes along', () => {
    const alternatives = [
      { parameter: 'model', value: 'turbo', reason: 'faster', changes: { steps: 6, cfg: 1 } },
    ]
    expect(Plan.parse({ prompt: 'a cat', alternatives }).alternatives).toEqual(alternatives)
  })

  test('has a label for everything it sets', () => {
    for (const parameter of planParameters) expect(parameterLabels[parameter]).toMatch(/^[A-Z]/)
  })
})

describe('what steers a model', () => {
  test('has defaults as people know them', () => {
    expect(Lora.parse({ name: 'waves' })).toEqual({ name: 'waves', weight: 1 })
    expect(Control.parse({ image: house, model: 'canny' })).toMatchObject({
      weight: 1,
      start: 0,
      end: 1,
      mode: 'balanced',
      fit: 'crop',
    })
  })
})
