import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { maskContent } from '../../../nodes/kinds/mask.ts'
import type { Json } from '../../../runtime/values.ts'

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const rectangle = (points: [number, number][]): Json => ({
  size: [8, 8],
  strokes: [{ tool: 'rectangle', points, size: 1, hardness: 1, opacity: 1 }],
})

it('two drawings that paint the same pixels count as the same mask', () => {
  const there = rectangle([
    [1, 1],
    [5, 5],
  ])
  const back = rectangle([
    [5, 5],
    [1, 1],
  ])
  expect(maskContent(there, hash)).toEqual(maskContent(back, hash))
})

it('a drawing that paints other pixels counts as another mask', () => {
  expect(
    maskContent(
      rectangle([
        [1, 1],
        [5, 5],
      ]),
      hash,
    ),
  ).not.toEqual(
    maskContent(
      rectangle([
        [1, 1],
        [6, 5],
      ]),
      hash,
    ),
  )
})
