import { describe, expect, it } from 'vitest'
import { type Four, noiseFrom, philox } from '../../../../nodes/services/images/embedded/noise.ts'

describe('Philox 4x32-10', () => {
  // kat_vectors of Random123, by the authors of the paper.
  it.each<{ counter: Four; key: [number, number]; words: number[] }>([
    {
      counter: [0, 0, 0, 0],
      key: [0, 0],
      words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ])('gives the words its authors publish for key $key', ({ counter, key, words }) => {
    expect(philox(counter, key)).toEqual(words)
  })
})

describe('noise of a seed', () => {
  it("is that of torch on CUDA and of A1111's NV source", () => {
    const known = [-0.92466259, -0.42534415, -2.6438457, 0.14518388, -0.12086647, -0.57972564]
    for (const [i, value] of noiseFrom(0n)(6).entries()) expect(value).toBeCloseTo(known[i] ?? 0, 5)
  })

  it('is the same for the same seed, block by block', () => {
    const [one, other] = [noiseFrom(77n), noiseFrom(77n)]
    expect([one(50), one(50)]).toEqual([other(50), other(50)])
  })

  it('differs between seeds that are equal in their lower 32 bits', () => {
    expect(noiseFrom(5n)(20)).not.toEqual(noiseFrom(5n + 2n ** 32n)(20))
  })

  it('begins each block anew', () => {
    const draw = noiseFrom(1n)
    expect(draw(20)).not.toEqual(draw(20))
  })

  it('has mean 0 and variance 1', () => {
    const values = noiseFrom(2n ** 64n - 1n)(20_000)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.05)
  })
})
