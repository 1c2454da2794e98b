import { tmpdir } from 'node:os'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { examplePictures } from '../../../nodes/kinds/example-pictures.ts'
import { Image } from '../../../nodes/kinds/image.ts'
import { growMask, invertMask, shrinkMask } from '../../../nodes/kinds/mask-distance.ts'
import { rasterise } from '../../../nodes/kinds/rasterise.ts'
import { DrawnMask } from '../../../nodes/kinds/strokes.ts'
import maskAdjust from '../../../nodes/mask/mask-adjust.ts'
import maskFromImage from '../../../nodes/mask/mask-from-image.ts'
import maskShape from '../../../nodes/mask/mask-shape.ts'
import { encodeMask, readMask } from '../../../nodes/services/masks.ts'
import type { AnyNode } from '../../../runtime/define-node.ts'
import { makeServices } from '../make-services.ts'
import { createBlobs, runNode } from '../run-node.ts'

const services = makeServices(tmpdir())
const { house, badge, mask: houseMask } = examplePictures

async function made(node: AnyNode, values: { [field: string]: unknown }, blobs = createBlobs()) {
  const { outputs, notes } = await runNode(node, values, services, { blobs })
  const image = Image.parse(outputs.mask)
  const grey = await readMask({ blobs }, image)
  return {
    grey,
    notes,
    at: (x: number, y: number) => grey.data[y * grey.width + x],
    bytes: await blobs.read(image),
  }
}
const whites = (data: Uint8Array) => data.filter((value) => value === 255).length

describe('Mask from shape', () => {
  const shape = async (values: { [field: string]: unknown }) => {
    const { outputs } = await runNode(maskShape, values, services)
    const drawn = DrawnMask.parse(outputs.mask)
    return { drawn, data: rasterise(drawn) }
  }

  test('is white in the box that its edges say', async () => {
    const { drawn, data } = await shape({ width: 100, height: 50, left: 10, right: 30, top: 0, bottom: 100 })
    expect(drawn.size).toEqual([100, 50])
    expect(whites(data)).toBe(20 * 50)
    expect([data[9], data[10], data[29], data[30]]).toEqual([0, 255, 255, 0])
  })

  test('is as large as the picture it is for', async () => {
    expect((await shape({ image: house, width: 7 })).drawn.size).toEqual([48, 32])
  })

  test('can be an ellipse', async () => {
    const { data } = await shape({
      width: 80,
      height: 80,
      shape: 'ellipse',
      left: 0,
      top: 0,
      right: 100,
      bottom: 100,
    })
    expect(data.reduce((sum, value) => sum + value, 0) / 255).toBeCloseTo(Math.PI * 1600, -2)
  })

  test('is the opposite when inverted', async () => {
    for (const kind of ['rectangle', 'ellipse', 'whole']) {
      const values = { width: 40, height: 30, shape: kind }
      const { data } = await shape(values)
      expect((await shape({ ...values, invert: true })).data).toEqual(invertMask(data))
    }
  })

  test('is refused when it would be too large', async () => {
    await expect(shape({ width: 16_384, height: 16_384 })).rejects.toMatchObject({
      code: 'picture-too-large',
    })
  })
})

describe('Mask from image', () => {
  test('is the brightness of a picture', async () => {
    const { at } = await made(maskFromImage, { image: house })
    expect(at(0, 0)).toBe(Math.round(0.2126 * 142 + 0.7152 * 201 + 0.0722 * 240))
  })

  test.each([
    ['red', 142],
    ['green', 201],
    ['blue', 240],
  ])('is the %s of a picture', async (channel, value) => {
    expect((await made(maskFromImage, { image: house, channel })).at(0, 0)).toBe(value)
  })

  test('is white from the threshold on and black below', async () => {
    const { grey, at } = await made(maskFromImage, { image: house, channel: 'red', threshold: 0.6 })
    expect(new Set(grey.data)).toEqual(new Set([0, 255]))
    expect([at(0, 0), at(40, 7)]).toEqual([0, 255])
  })

  test('is the opposite when inverted', async () => {
    const { grey } = await made(maskFromImage, { image: house })
    expect((await made(maskFromImage, { image: house, invert: true })).grey.data).toEqual(
      invertMask(grey.data),
    )
  })

  test('is white where a picture is see-through', async () => {
    const { at } = await made(maskFromImage, { image: badge, channel: 'alpha' })
    expect([at(0, 0), at(8, 8)]).toEqual([255, 0])
  })

  test('is black, and says so, for a picture without transparency', async () => {
    const { grey, notes } = await made(maskFromImage, { image: house, channel: 'alpha' })
    expect(whites(grey.data)).toBe(0)
    expect(notes).toEqual([expect.stringContaining('no transparency')])
  })

  test('is kept as 8-bit grey', async () => {
    const { bytes } = await made(maskFromImage, { image: house })
    expect(await sharp(bytes).metadata()).toMatchObject({ channels: 1, depth: 'uchar', format: 'png' })
  })
})

describe('Adjust mask', () => {
  test('grows and shrinks by exactly so many pixels', async () => {
    const grown = await made(maskAdjust, { mask: houseMask, grow: 3 })
    const shrunk = await made(maskAdjust, { mask: houseMask, shrink: 3 })
    const row = (grey: { data: Uint8Array }) => whites(grey.data.subarray(16 * 48, 17 * 48))
    expect([row(grown.grey), row(shrunk.grey)]).toEqual([18 + 6, 18 - 6])
  })

  test('closes a hole by growing and shrinking as much', async () => {
    const strokes = [
      {
        tool: 'rectangle',
        points: [
          [10, 10],
          [50, 50],
        ],
      },
      {
        tool: 'rectangle',
        points: [
          [28, 28],
          [32, 32],
        ],
        erase: true,
      },
    ]
    const { grey } = await made(maskAdjust, { mask: { size: [60, 60], strokes }, grow: 4, shrink: 4 })
    expect(whites(grey.data)).toBe(40 * 40)
  })

  test('does not shrink away from the edge of the picture', async () => {
    const strokes = [
      {
        tool: 'rectangle',
        points: [
          [0, 0],
          [20, 10],
        ],
      },
    ]
    const { grey } = await made(maskAdjust, { mask: { size: [20, 10], strokes }, shrink: 5 })
    expect(whites(grey.data)).toBe(200)
  })

  test('fades over about as many pixels as it is feathered', async () => {
    const strokes = [
      {
        tool: 'rectangle',
        points: [
          [0, 0],
          [50, 20],
        ],
      },
    ]
    const { grey } = await made(maskAdjust, { mask: { size: [100, 20], strokes }, feather: 20 })
    const row = grey.data.subarray(1000, 1100)
    expect(row[38]).toBeGreaterThan(245)
    expect(row[61]).toBeLessThan(10)
    expect(Math.abs((row[49] ?? 0) + (row[50] ?? 0) - 255)).toBeLessThanOrEqual(3)
    expect(row.every((value, x) => x === 0 || value <= (row[x - 1] ?? 0))).toBe(true)
  })

  test('inverts before it grows', async () => {
    const { at } = await made(maskAdjust, { mask: houseMask, invert: true, grow: 2 })
    expect([at(0, 0), at(13, 16), at(14, 16)]).toEqual([255, 255, 0])
  })

  test('reads a file with transparency as A1111 does: by its alpha alone', async () => {
    const { at } = await made(maskAdjust, { mask: badge })
    expect([at(0, 0), at(8, 8)]).toEqual([0, 255])
  })
})

describe('growing by distance', () => {
  const grid = fc
    .record({
      width: fc.integer({ min: 1, max: 12 }),
      height: fc.integer({ min: 1, max: 12 }),
      seed: fc.array(fc.constantFrom(0, 0, 0, 255), { minLength: 144, maxLength: 144 }),
    })
    .map(({ width, height, seed }) => ({
      width,
      height,
      data: Uint8Array.from(seed.slice(0, width * height)),
    }))

  test('reaches just the pixels that are near enough', () => {
    fc.assert(
      fc.property(grid, fc.integer({ min: 1, max: 6 }), (mask, pixels) => {
        const { width, data } = mask
        const grown = growMask(mask, pixels)
        grown.forEach((value, at) => {
          const distances = [...data].flatMap((white, other) =>
            white
              ? [
                  Math.hypot(
                    (at % width) - (other % width),
                    Math.floor(at / width) - Math.floor(other / width),
                  ),
                ]
              : [],
          )
          const nearest = Math.min(...distances)
          expect(value === 255).toBe(nearest <= pixels + 0.001)
          expect(value > 0).toBe(nearest < pixels + 0.998)
        })
      }),
    )
  })

  test('changes nothing by no pixels, and shrinking is growing of the black', () => {
    fc.assert(
      fc.property(grid, fc.integer({ min: 0, max: 6 }), (mask, pixels) => {
        expect(growMask(mask, 0)).toEqual(mask.data)
        const black = { ...mask, data: invertMask(mask.data) }
        expect(shrinkMask(mask, pixels)).toEqual(invertMask(growMask(black, pixels)))
      }),
    )
  })
})

describe('a mask value', () => {
  test('is brought to the size of its picture', async () => {
    const grey = await readMask({ blobs: createBlobs() }, houseMask, { width: 24, height: 16 })
    expect([grey.width, grey.height, grey.data.length]).toEqual([24, 16, 24 * 16])
    expect([grey.data[0], grey.data[8 * 24 + 10]]).toEqual([0, 255])
  })

  test('comes back from its PNG byte for byte', async () => {
    const data = Uint8Array.from({ length: 256 }, (_, i) => i)
    const blobs = createBlobs()
    const image = blobs.put(await encodeMask({ width: 16, height: 16, data }))
    expect((await readMask({ blobs }, image)).data).toEqual(data)
  })
})
