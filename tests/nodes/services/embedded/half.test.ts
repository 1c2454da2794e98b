import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floatsFrom, fromHalf, halvesFrom, toHalf } from '../../../../nodes/services/images/embedded/half.ts'

describe('half precision', () => {
  it('keeps every half that is a number', () => {
    const halves = Array.from({ length: 65536 }, (_, bits) => bits).filter(
      (bits) => !Number.isNaN(fromHalf(bits)),
    )
    expect(halves.filter((bits) => toHalf(fromHalf(bits)) !== bits)).toEqual([])
  })

  it.each([
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [Number.POSITIVE_INFINITY, 0x7c00],
  ])('stores %d as bits %d', (value, bits) => {
    expect(toHalf(value)).toBe(bits)
  })

  it('stays not a number', () => {
    expect(fromHalf(toHalf(Number.NaN))).toBeNaN()
  })

  it('is the nearest half', () => {
    fc.assert(
      fc.property(fc.double({ min: -60_000, max: 60_000, noNaN: true }), (value) => {
        const bits = toHalf(value)
        const near = [bits - 1, bits, bits + 1].map((other) =>
          Math.abs(fromHalf(other & 0xffff) - Math.fround(value)),
        )
        expect(near[1]).toBe(Math.min(...near.filter((distance) => !Number.isNaN(distance))))
      }),
    )
  })

  it('converts whole arrays', () => {
    expect([...floatsFrom(halvesFrom([0.5, -1, 3]))]).toEqual([0.5, -1, 3])
  })
})
