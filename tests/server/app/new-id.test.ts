import fc from 'fast-check'
import { expect, it } from 'vitest'
import { chance } from '../../../server/app/chance.ts'
import { newId } from '../../../server/app/new-id.ts'

const time = fc.integer({ min: 0, max: 2 ** 45 - 1 })

it('ids sort by the time they were made', () => {
  fc.assert(
    fc.property(time, time, (a, b) => {
      fc.pre(a < b)
      expect(newId(a, chance) < newId(b, chance)).toBe(true)
    }),
  )
})

it('ids of the same millisecond differ', () => {
  const ids = new Set(Array.from({ length: 100 }, () => newId(1, chance)))
  expect(ids.size).toBe(100)
})

it('chance lies in [0, 1)', () => {
  const drawn = Array.from({ length: 1000 }, chance)
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...drawn)).toBeLessThan(1)
})
