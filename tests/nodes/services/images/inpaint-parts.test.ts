import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxOf, cropAround, fitInside } from '../../../../nodes/services/images/crop.ts'
import { featherInward } from '../../../../nodes/services/images/feather.ts'
import { pasteBack } from '../../../../nodes/services/images/paste-back.ts'
import type { Grey } from '../../../../nodes/services/masks.ts'

const side = fc.integer({ min: 1, max: 24 })
const masks = fc
  .tuple(side, side)
  .chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((bytes): Grey => ({ width, height, data: bytes.map((byte) => (byte < 140 ? 0 : byte)) })),
  )
/** A white square with a black border of two pixels. */
const square: Grey = { width: 40, height: 40, data: new Uint8Array(1600) }
for (let y = 2; y < 38; y++) square.data.fill(255, y * 40 + 2, y * 40 + 38)

describe('feathering', () => {
  it('shows nothing outside the mask, and never more than the mask says', () => {
    fc.assert(
      fc.property(masks, fc.integer({ min: 0, max: 12 }), (mask, blur) => {
        const seen = featherInward(mask, blur)
        mask.data.forEach((value, i) => {
          expect(seen[i]).toBeLessThanOrEqual(value / 255 + 1e-6)
          if (value === 0) expect(seen[i]).toBe(0)
        })
      }),
    )
  })

  it('rises inward and is full in the middle', () => {
    const row = featherInward(square, 4).slice(20 * 40, 20 * 40 + 20)
    expect([...row]).toEqual([...row].sort((a, b) => a - b))
    expect(row[2]).toBeLessThan(0.1)
    expect(row[19]).toBe(1)
  })

  it('takes the edge of the picture for no edge', () => {
    const all: Grey = { width: 5, height: 5, data: new Uint8Array(25).fill(255) }
    expect([...featherInward(all, 8)]).toEqual(Array(25).fill(1))
  })
})

describe('the area that is painted', () => {
  it('is the smallest that holds the mask', () => {
    expect(boxOf(square)).toEqual({ left: 2, top: 2, width: 36, height: 36 })
    expect(boxOf({ width: 3, height: 3, data: new Uint8Array(9) })).toBeUndefined()
  })

  it('lies inside the picture and holds the mask, whatever the padding and shape', () => {
    const target = fc.record({
      width: fc.integer({ min: 8, max: 64 }),
      height: fc.integer({ min: 8, max: 64 }),
    })
    fc.assert(
      fc.property(masks, fc.integer({ min: 0, max: 40 }), target, (mask, padding, size) => {
        const box = boxOf(mask)
        if (!box) return
        const { left, top, width, height } = cropAround(box, mask, padding, size)
        expect(left).toBeGreaterThanOrEqual(0)
        expect(top).toBeGreaterThanOrEqual(0)
        expect(left + width).toBeLessThanOrEqual(mask.width)
        expect(top + height).toBeLessThanOrEqual(mask.height)
        expect(left).toBeLessThanOrEqual(box.left)
        expect(left + width).toBeGreaterThanOrEqual(box.left + box.width)
        expect(top).toBeLessThanOrEqual(box.top)
        expect(top + height).toBeGreaterThanOrEqual(box.top + box.height)
      }),
    )
  })

  it('gets the shape of what is painted where the picture is large enough', () => {
    const box = { left: 100, top: 100, width: 20, height: 40 }
    expect(cropAround(box, { width: 1000, height: 1000 }, 10, { width: 64, height: 32 })).toMatchObject({
      width: 120,
      height: 60,
    })
  })

  it('is laid whole into the middle of another shape', () => {
    expect(fitInside({ width: 100, height: 50 }, { width: 64, height: 64 })).toEqual({
      left: 0,
      top: 16,
      width: 64,
      height: 32,
    })
  })
})

describe('pasting back', () => {
  it('keeps every byte where nothing is seen, and makes painted pixels opaque', () => {
    const picture = { width: 2, height: 1, channels: 4 as const, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }
    const patch = { width: 2, height: 1, channels: 3 as const, data: new Uint8Array(6).fill(200) }
    const { data } = pasteBack(
      picture,
      patch,
      { left: 0, top: 0, width: 2, height: 1 },
      Float32Array.of(0, 1),
    )
    expect([...data]).toEqual([1, 2, 3, 4, 200, 200, 200, 255])
  })
})
