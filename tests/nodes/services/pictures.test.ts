import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import {
  infotextFor,
  infotextIn,
  keepInfotext,
  textsOf,
  withInfotext,
} from '../../../nodes/services/picture-texts.ts'
import { decode, encode, formats, inspect, type Raster, resize } from '../../../nodes/services/pictures.ts'

const raster = (channels: Raster['channels']): Raster => ({
  width: 6,
  height: 5,
  channels,
  data: Uint8Array.from({ length: 30 * channels }, (_, i) => (i * 37) % 256),
})
const noise = sharp({
  create: {
    width: 20,
    height: 10,
    channels: 3,
    background: '#808',
    noise: { type: 'gaussian', mean: 120, sigma: 30 },
  },
})

describe('a picture', () => {
  test.each([3, 4] as const)('of %i channels comes back from PNG pixel by pixel', async (channels) => {
    expect(await decode(await encode(raster(channels)))).toMatchObject(raster(channels))
  })

  test('of grey comes back from PNG as the same grey', async () => {
    const { channels, data } = await decode(await encode(raster(1)))
    expect(channels).toBe(3)
    expect(data.filter((_, i) => i % 3 === 0)).toEqual(raster(1).data)
  })

  test.each(formats)('has the size and type of its file as %s', async (format) => {
    expect(await inspect(await encode(raster(3), format))).toMatchObject({
      width: 6,
      height: 5,
      mime: `image/${format}`,
    })
  })

  test('of 16 bits is read as one of 8', async () => {
    const bytes = await noise.clone().toColourspace('rgb16').png().toBuffer()
    expect((await sharp(bytes).metadata()).depth).toBe('ushort')
    const { data, width, height } = await decode(bytes)
    expect(data.length).toBe(width * height * 3)
  })

  test('in CMYK is read as sRGB', async () => {
    const bytes = await noise.clone().toColourspace('cmyk').jpeg().toBuffer()
    expect((await decode(bytes)).channels).toBe(3)
  })

  test('with a palette and transparency keeps both', async () => {
    const bytes = await sharp({
      create: { width: 4, height: 4, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    })
      .png({ palette: true })
      .toBuffer()
    expect([...(await decode(bytes)).data.subarray(0, 4)]).toEqual([255, 0, 0, 128])
  })

  test('that moves is read by its first frame', async () => {
    const frames = await Promise.all(
      ['#f00', '#0f0'].map((background) =>
        sharp({ create: { width: 4, height: 4, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    )
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    expect(await decode(bytes)).toMatchObject({ width: 4, height: 4 })
  })

  test('is turned as its EXIF orientation says', async () => {
    const bytes = await noise.clone().jpeg().withMetadata({ orientation: 8 }).toBuffer()
    expect(await inspect(bytes)).toMatchObject({ width: 10, height: 20 })
    expect(await decode(bytes)).toMatchObject({ width: 10, height: 20 })
  })

  test('of its own size is not resized', async () => {
    const same = raster(3)
    expect(await resize(same, { width: 6, height: 5 })).toBe(same)
  })

  test.each([1, 3, 4] as const)('of %i channels keeps them when it is resized', async (channels) => {
    expect(await resize(raster(channels), { width: 12, height: 9 })).toMatchObject({
      width: 12,
      height: 9,
      channels,
    })
  })

  test('that is not one is named in the message', async () => {
    const failing = decode(new TextEncoder().encode('hello'), 'hello.png')
    await expect(failing).rejects.toMatchObject({
      class: 'invalid',
      code: 'picture-unreadable',
      message: expect.stringMatching(/^hello\.png cannot be read as a picture/),
    })
  })

  test('that is empty is refused', async () => {
    await expect(inspect(new Uint8Array())).rejects.toMatchObject({ code: 'picture-unreadable' })
  })
})

describe('how a picture was made', () => {
  const metadata = {
    prompt: 'a cat',
    negative: 'dog',
    steps: 20,
    sampler: 'Euler a',
    seed: 3,
    width: 6,
    height: 5,
    model: 'm',
  }

  test('is in its own bytes', async () => {
    const made = withInfotext(await encode(raster(3)), infotextFor(metadata))
    expect(textsOf(made).parameters).toBe(
      'a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, Seed: 3, Size: 6x5, Model: m, Version: Planograph',
    )
  })

  test('goes on with a picture that is made from it, without the old workflow', async () => {
    const source = withInfotext(await encode(raster(3)), infotextFor(metadata))
    const made = keepInfotext(source, await encode(raster(4)))
    expect(infotextIn(made)).toEqual(infotextIn(source))
  })

  test('is not invented where the source does not know', async () => {
    const made = await encode(raster(4))
    expect(keepInfotext(await encode(raster(3)), made)).toBe(made)
  })
})
