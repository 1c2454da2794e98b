import { tmpdir } from 'node:os'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import resizeImage from '../../../nodes/image/resize-image.ts'
import { examplePictures } from '../../../nodes/kinds/example-pictures.ts'
import { Image } from '../../../nodes/kinds/image.ts'
import { infotextIn } from '../../../nodes/services/picture-texts.ts'
import { makeServices } from '../make-services.ts'
import { createBlobs, runNode } from '../run-node.ts'

const services = makeServices(tmpdir())

async function resized(values: { [field: string]: unknown }) {
  const { outputs, blobs } = await runNode(resizeImage, { image: examplePictures.house, ...values }, services)
  const image = Image.parse(outputs.image)
  const bytes = await blobs.read(image)
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * info.channels).subarray(0, info.channels),
  ]
  return { image, bytes, at, size: [info.width, info.height] }
}

describe('Resize image', () => {
  test.each([
    [{ width: 24, height: 24 }, [24, 24]],
    [{ width: 24 }, [24, 16]],
    [{ height: 64 }, [96, 64]],
    [{ by: 'scale', scale: 0.5 }, [24, 16]],
    [{ by: 'scale', scale: 0.01 }, [1, 1]],
    [{ by: 'longest', side: 12 }, [12, 8]],
    [{ by: 'shortest', side: 16 }, [24, 16]],
  ])('makes of 48 × 32 by %j the size %j', async (values, size) => {
    const made = await resized(values)
    expect(made.size).toEqual(size)
    expect([made.image.width, made.image.height]).toEqual(size)
  })

  test('cuts off, fills up or stretches when proportions differ', async () => {
    const background = '#ff0000'
    const crop = await resized({ width: 32, height: 32, fit: 'crop', background })
    const pad = await resized({ width: 48, height: 48, fit: 'pad', background })
    const stretch = await resized({ width: 48, height: 48, fit: 'stretch', background })
    expect(crop.at(0, 0)).not.toEqual([255, 0, 0])
    expect([pad.at(0, 0), pad.at(24, 47)]).toEqual([
      [255, 0, 0],
      [255, 0, 0],
    ])
    expect(stretch.at(0, 0)).not.toEqual([255, 0, 0])
  })

  test('fills up with nothing when the background is transparent', async () => {
    const { at } = await resized({ width: 48, height: 48, fit: 'pad', background: 'transparent' })
    expect(at(0, 0)[3]).toBe(0)
    expect(at(24, 24)[3]).toBe(255)
  })

  test('keeps hard pixels with the nearest one', async () => {
    const { at } = await resized({ by: 'scale', scale: 4, kernel: 'nearest' })
    const small = await resized({ by: 'scale', scale: 1 })
    for (const [x, y] of [
      [0, 0],
      [21, 12],
      [47, 31],
    ] as const)
      for (const [dx, dy] of [
        [0, 0],
        [3, 3],
      ] as const)
        expect(at(4 * x + dx, 4 * y + dy)).toEqual(small.at(x, y))
  })

  test('keeps how the picture was made, and not an older workflow', async () => {
    const { bytes } = await resized({ by: 'scale', scale: 2 })
    expect(infotextIn(bytes)?.prompt).toBe('a red house on a hill, flat drawing')
  })

  test('refuses what would be too large before making it', async () => {
    await expect(resized({ width: 16_384, height: 16_384 })).rejects.toMatchObject({
      code: 'picture-too-large',
    })
  })

  test('says that a colour is none', async () => {
    await expect(resized({ width: 9, height: 9, fit: 'pad', background: 'reddish' })).rejects.toMatchObject({
      class: 'invalid',
      message: expect.stringContaining('reddish'),
    })
  })

  test('says that a picture cannot be read', async () => {
    const blobs = createBlobs()
    const image = blobs.put(new TextEncoder().encode('no picture'))
    await expect(runNode(resizeImage, { image, width: 5 }, services, { blobs })).rejects.toMatchObject({
      code: 'picture-unreadable',
    })
  })
})
