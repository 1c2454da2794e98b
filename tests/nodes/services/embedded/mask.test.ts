import { describe, expect, it } from 'vitest'
import { blend, fillMasked, latentMask } from '../../../../nodes/services/images/embedded/mask.ts'

const grey = (width: number, height: number, value: (x: number, y: number) => number) => ({
  width,
  height,
  channels: 1 as const,
  data: Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
})
const picture = (width: number, height: number, colour: readonly number[]) => ({
  width,
  height,
  channels: 3 as const,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => colour[i % 3] ?? 0),
})

describe('the mask of latents', () => {
  it('has one cell for each square of pixels', () => {
    expect([
      ...latentMask(
        grey(16, 8, (x) => (x < 8 ? 255 : 0)),
        8,
      ),
    ]).toEqual([1, 0])
  })

  it('repaints a cell that is covered by a tenth', () => {
    const covered = (pixels: number) =>
      latentMask(
        grey(10, 10, (x, y) => (y * 10 + x < pixels ? 255 : 0)),
        10,
      )[0]
    expect([covered(10), covered(9)]).toEqual([1, 0])
  })

  it('counts grey by its share', () => {
    expect(
      latentMask(
        grey(8, 8, () => 30),
        8,
      )[0],
    ).toBe(1)
  })
})

describe('blending', () => {
  it('takes the inside where the mask is set, in every channel', () => {
    const [inside, outside, mask] = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [1, 0],
    ].map((values) => Float32Array.from(values))
    if (inside && outside && mask) expect([...blend(inside, outside, mask)]).toEqual([1, 6, 3, 8])
  })
})

describe('filling the masked part', () => {
  it('continues an even colour into the hole', () => {
    const mask = grey(32, 32, (x, y) => (x > 8 && x < 24 && y > 8 && y < 24 ? 255 : 0))
    const hole = picture(32, 32, [200, 50, 10])
    for (const [i, value] of mask.data.entries()) if (value) hole.data.fill(0, i * 3, i * 3 + 3)
    expect(fillMasked(hole, mask).data).toEqual(picture(32, 32, [200, 50, 10]).data)
  })

  it('leaves what is not masked as it is', () => {
    const noisy = {
      ...picture(5, 3, [0, 0, 0]),
      data: Uint8Array.from({ length: 45 }, (_, i) => (i * 37) % 256),
    }
    const filled = fillMasked(
      noisy,
      grey(5, 3, (x) => (x === 2 ? 255 : 0)),
    )
    expect(filled.data.slice(0, 6)).toEqual(noisy.data.slice(0, 6))
  })

  it('makes grey of a picture that is masked as a whole', () => {
    expect([
      ...fillMasked(
        picture(2, 2, [9, 9, 9]),
        grey(2, 2, () => 255),
      ).data.slice(0, 3),
    ]).toEqual([128, 128, 128])
  })
})
