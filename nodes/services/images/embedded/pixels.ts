import { PlanographError } from '../../../../runtime/errors.ts'
import type { EncodedImage } from '../backend.ts'
import type { Tensor } from './messages.ts'
import { tensor } from './tensors.ts'

/** 8-bit RGB or grey, row by row. */
export interface Raster {
  width: number
  height: number
  channels: 1 | 3
  data: Uint8Array
}

/** sharp is loaded with the first picture, not with the program. */
const loadSharp = async () => (await import('sharp')).default

/** Decodes a picture (3 channels), what is transparent on white, or a mask (1 channel), what is transparent on black. */
export async function decodeRaster(image: EncodedImage, channels: 1 | 3, name: string): Promise<Raster> {
  const sharp = await loadSharp()
  const picture = sharp(image.bytes)
    .flatten({ background: channels === 3 ? '#fff' : '#000' })
    .toColourspace(channels === 3 ? 'srgb' : 'b-w')
  const { data, info } = await picture
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new PlanographError('invalid', `The ${name} could not be read as a picture.`, {
        code: 'undecodable',
        hint: 'Use a PNG, JPEG or WebP file.',
        cause,
      })
    })
  return { width: info.width, height: info.height, channels, data: only(data, info.channels, channels) }
}

function only(data: Uint8Array, has: number, wanted: number): Uint8Array {
  if (has === wanted) return data
  const pixels = data.length / has
  const result = new Uint8Array(pixels * wanted)
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < wanted; c++) result[i * wanted + c] = data[i * has + Math.min(c, has - 1)] ?? 0
  return result
}

export async function encodePng({ width, height, channels, data }: Raster): Promise<EncodedImage> {
  const sharp = await loadSharp()
  const bytes = await sharp(data, { raw: { width, height, channels } })
    .png({ compressionLevel: 6 })
    .toBuffer()
  return { bytes: new Uint8Array(bytes), mime: 'image/png' }
}

/** A small picture, enlarged smoothly. */
export async function encodePreview(raster: Raster, width: number, height: number): Promise<EncodedImage> {
  const sharp = await loadSharp()
  const { width: w, height: h, channels, data } = raster
  const picture = sharp(data, { raw: { width: w, height: h, channels } }).resize(width, height, {
    kernel: 'mitchell',
  })
  return { bytes: new Uint8Array(await picture.jpeg({ quality: 75 }).toBuffer()), mime: 'image/jpeg' }
}

/** RGB to [1, 3, height, width] in -1…1. */
export function toTensor({ width, height, data }: Raster): Tensor {
  const plane = width * height
  const result = new Float32Array(plane * 3)
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) result[c * plane + i] = (data[i * 3 + c] ?? 0) / 127.5 - 1
  return tensor([1, 3, height, width], result)
}

/** [1, 3, height, width] in -1…1 to RGB; what lies outside is cut off. */
export function toRaster({ dims, data }: Tensor): Raster {
  const [, , height = 1, width = 1] = dims
  const plane = width * height
  const result = new Uint8Array(plane * 3)
  for (let i = 0; i < plane; i++)
    for (let c = 0; c < 3; c++) result[i * 3 + c] = toByte(data[c * plane + i] ?? 0)
  return { width, height, channels: 3, data: result }
}

export function toByte(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value / 2 + 0.5)) * 255)
}
