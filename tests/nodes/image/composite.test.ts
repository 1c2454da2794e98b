import { tmpdir } from 'node:os'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import composite from '../../../nodes/image/composite.ts'
import { Image } from '../../../nodes/kinds/image.ts'
import { makeServices } from '../make-services.ts'
import { createBlobs, runNode } from '../run-node.ts'

const services = makeServices(tmpdir())
const blobs = createBlobs()
const plain = async (width: number, height: number, r: number, g: number, b: number, alpha?: number) => {
  const background = { r, g, b, alpha: alpha ?? 1 }
  const bytes = await sharp({ create: { width, height, channels: alpha === undefined ? 3 : 4, background } })
    .png()
    .toBuffer()
  return blobs.put(bytes)
}
const blue = await plain(20, 10, 0, 0, 200)
const red = await plain(6, 4, 200, 0, 0)

async function lay(values: { [field: string]: unknown }) {
  const { outputs, notes } = await runNode(composite, { image: blue, over: red, ...values }, services, {
    blobs,
  })
  const image = Image.parse(outputs.image)
  const { data, info } = await sharp(await blobs.read(image))
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * info.channels).subarray(0, info.channels),
  ]
  return { at, notes, size: [info.width, info.height] }
}

describe('Composite', () => {
  test('lays a picture at its place and nowhere else', async () => {
    const { at, size } = await lay({ x: 3, y: 2 })
    expect(size).toEqual([20, 10])
    expect([at(3, 2), at(8, 5)]).toEqual([
      [200, 0, 0],
      [200, 0, 0],
    ])
    expect([at(2, 2), at(9, 5), at(3, 1), at(8, 6)]).toEqual(Array(4).fill([0, 0, 200]))
  })

  test('shows the part that lies inside when it begins outside', async () => {
    const { at } = await lay({ x: -4, y: -2 })
    expect([at(1, 1), at(2, 1), at(1, 2)]).toEqual([
      [200, 0, 0],
      [0, 0, 200],
      [0, 0, 200],
    ])
  })

  test('shows the part that fits of a picture that is larger', async () => {
    const { at, size } = await lay({ image: red, over: blue, x: 2 })
    expect(size).toEqual([6, 4])
    expect([at(1, 3), at(2, 3), at(5, 0)]).toEqual([
      [200, 0, 0],
      [0, 0, 200],
      [0, 0, 200],
    ])
  })

  test('changes nothing, and says so, when nothing lies inside', async () => {
    const { at, notes } = await lay({ x: 20 })
    expect(at(19, 9)).toEqual([0, 0, 200])
    expect(notes).toEqual([expect.stringContaining('outside')])
  })

  test('lets shine through by its opacity', async () => {
    const [r, g, b] = (await lay({ opacity: 0.5 })).at(0, 0)
    expect([r, g, Math.round((b ?? 0) / 10)]).toEqual([100, 0, 10])
    expect((await lay({ opacity: 0 })).at(0, 0)).toEqual([0, 0, 200])
  })

  test('shows only where the mask is white', async () => {
    const mask = {
      size: [6, 4],
      strokes: [
        {
          tool: 'rectangle',
          points: [
            [0, 0],
            [3, 4],
          ],
        },
      ],
    }
    const { at } = await lay({ mask })
    expect([at(2, 1), at(3, 1)]).toEqual([
      [200, 0, 0],
      [0, 0, 200],
    ])
  })

  test('stretches a mask of another size over the upper picture', async () => {
    const mask = {
      size: [60, 40],
      strokes: [
        {
          tool: 'rectangle',
          points: [
            [0, 0],
            [60, 20],
          ],
        },
      ],
    }
    const { at } = await lay({ mask })
    expect([at(2, 0), at(2, 3)]).toEqual([
      [200, 0, 0],
      [0, 0, 200],
    ])
  })

  test('lets transparency of the upper picture count', async () => {
    const { at } = await lay({ over: await plain(6, 4, 200, 0, 0, 0) })
    expect(at(0, 0)).toEqual([0, 0, 200])
  })

  test('keeps transparency of the lower picture', async () => {
    const { at } = await lay({ image: await plain(20, 10, 0, 0, 200, 0) })
    expect([at(0, 0)[3], at(19, 9)[3]]).toEqual([255, 0])
  })

  test('mixes colours by its blend mode', async () => {
    expect((await lay({ blend: 'multiply' })).at(0, 0)).toEqual([0, 0, 0])
    expect((await lay({ blend: 'screen' })).at(0, 0)).toEqual([200, 0, 200])
  })
})
