import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { valueFaults } from '../../runtime/value-faults.ts'

const texts = (schema: z.ZodType, value: unknown) => valueFaults(schema, value).map(({ text }) => text)

describe('valueFaults', () => {
  it('finds nothing wrong with a value that fits', () => {
    expect(valueFaults(z.int().min(1), 3)).toEqual([])
  })

  it.each<[z.ZodType, unknown, string]>([
    [z.int(), 2.5, 'must be a whole number, but is 2.5'],
    [z.string(), 4, 'must be a text, but is 4'],
    [z.boolean(), { a: 1 }, 'must be true or false, but is an object'],
    [z.array(z.string()), 'x', 'must be a list, but is "x"'],
    [z.number().max(1), 2, 'must be at most 1, but is 2'],
    [z.number().lt(1), 2, 'must be less than 1, but is 2'],
    [z.number().min(1), 0, 'must be at least 1, but is 0'],
    [z.number().gt(1), 1, 'must be more than 1, but is 1'],
    [z.number().multipleOf(8), 20, 'must be a multiple of 8, but is 20'],
    [z.string().min(1), '', 'must have at least 1 character, but has 0'],
    [z.array(z.int()).max(2), [1, 2, 3], 'must have at most 2 items, but has 3'],
    [z.strictObject({}), { a: 1, b: 2 }, 'must not have "a" and "b"'],
    [
      z.record(z.string().regex(/^a/, 'begin with an a'), z.int()),
      { b: 1 },
      'has a name that is not allowed: begin with an a',
    ],
    [z.string().regex(/^a/), 'b', 'does not have the right form: it is "b"'],
    [
      z.string().regex(/^a/, 'begin with an a'),
      'b',
      'is "b", which does not have the right form: begin with an a',
    ],
    [z.enum(['a', 'b']), 'c', 'must be "a" or "b", but is "c"'],
    [z.union([z.string(), z.number()]), true, 'must be a text or a number, but is true'],
    [z.union([z.string().max(1), z.number().max(1)]), 5, 'must be at most 1, but is 5'],
    [z.custom((value) => value === 1, 'only 1 is'), 2, 'is not right: only 1 is'],
  ])('says what is wrong, case %#', (schema, value, text) => {
    expect(texts(schema, value)).toEqual([text])
  })

  it('says where, from the value inwards', () => {
    const schema = z.object({ list: z.array(z.object({ size: z.int() })) })
    expect(valueFaults(schema, { list: [{ size: 1 }, {}] })).toEqual([
      { path: ['list', 1, 'size'], text: 'is missing' },
    ])
  })

  it('does not list a long choice, but hands it on', () => {
    const choices = Array.from({ length: 20 }, (_, i) => `c${i}`)
    expect(valueFaults(z.enum(choices), 'd')).toEqual([
      { path: [], text: 'is "d", which is not one of its choices', choices, value: 'd' },
    ])
  })

  it('cuts a long value short', () => {
    expect(texts(z.int(), 'x'.repeat(500))[0]?.length).toBeLessThan(100)
  })
})
