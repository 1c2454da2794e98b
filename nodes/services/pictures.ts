import type { Metadata, Sharp } from 'sharp'
import type { Blobs } from '../../runtime/define-node.ts'
import { PlanographError } from '../../runtime/errors.ts'
import type { BlobRef } from '../../runtime/values.ts'
import { pngSize } from '../kinds/png.ts'

/** Pictures with more pixels than this are refused before they are decoded. */
export const maxPixels = 100_000_000

/** What people hand in. SVG and PDF are programs, not pictures, and are refused. */
const readable: ReadonlySet<string> = new Set(['png', 'jpeg', 'webp', 'gif', 'heif', 'avif', 'tiff'])

/** Decoded pixels: 8 bits per channel, sRGB, row by row from the upper left. 1 channel is grey, 3 RGB, 4 RGBA. */
export interface Raster {
  width: number
  height: number
  channels: 1 | 2 | 3 | 4
  data: Uint8Array
}

export interface PictureFacts {
  mime: string
  /** As it is looked at: EXIF orientation applied. */
  width: number
  height: number
  hasAlpha: boolean
}

/** Anything that `ctx` offers blobs with. */
interface HasBlobs {
  blobs: Blobs
}

/** sharp is loaded when the first picture needs it: commands that touch none start faster. */
export async function openPicture(bytes: Uint8Array): Promise<Sharp> {
  const { default: sharp } = await import('sharp')
  return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' })
}

async function openRaster({ data, width, height, channels }: Raster): Promise<Sharp> {
  const { default: sharp } = await import('sharp')
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: maxPixels })
}

/**
 * What a file says it is, from its header alone. Throws `invalid` when it is no picture we read
 * (`picture-unreadable`) or too large (`picture-too-large`). `name` begins the message.
 */
export async function inspect(bytes: Uint8Array, name = 'The picture'): Promise<PictureFacts> {
  const header = pngSize(bytes)
  if (header) refuseHuge(header.width, header.height, name)
  const metadata = await readHeader(bytes, name)
  if (!readable.has(metadata.format)) throw unreadable(name, `${metadata.format} is not accepted`)
  const { width, height } = metadata.autoOrient
  refuseHuge(width, height, name)
  return {
    mime: metadata.mediaType ?? `image/${metadata.format}`,
    width,
    height,
    hasAlpha: metadata.hasAlpha,
  }
}

async function readHeader(bytes: Uint8Array, name: string): Promise<Metadata> {
  try {
    return await (await openPicture(bytes)).metadata()
  } catch (error) {
    throw unreadable(name, reasonOf(error), error)
  }
}

/** Decodes in full, which proves the picture. Orientation applied, colours converted to sRGB. Throws as `inspect`. */
export async function decode(bytes: Uint8Array, name = 'The picture'): Promise<Raster> {
  const { hasAlpha } = await inspect(bytes, name)
  const picture = (await openPicture(bytes)).autoOrient().toColourspace('srgb')
  try {
    const { data, info } = await (hasAlpha ? picture.ensureAlpha() : picture.removeAlpha())
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { data: plain(data), width: info.width, height: info.height, channels: channelsOf(info.channels) }
  } catch (error) {
    throw unreadable(name, reasonOf(error), error)
  }
}

export const formats = ['png', 'webp', 'jpeg'] as const
export type Format = (typeof formats)[number]

/** Encoded bytes without metadata. `quality` 1…100 concerns JPEG and WebP; 100 makes WebP lossless. */
export async function encode(raster: Raster, format: Format = 'png', quality = 90): Promise<Uint8Array> {
  const picture = await openRaster(raster)
  return encoded(raster.channels === 1 ? picture.toColourspace('b-w') : picture, format, quality)
}

/** A pipeline of sharp's, finished as one of our formats. JPEG has no alpha: it is laid over white. */
export async function encoded(picture: Sharp, format: Format, quality = 90): Promise<Uint8Array> {
  switch (format) {
    case 'png':
      return plain(await picture.png().toBuffer())
    case 'webp':
      return plain(await picture.webp({ quality, lossless: quality === 100 }).toBuffer())
    case 'jpeg':
      return plain(await picture.flatten({ background: '#ffffff' }).jpeg({ quality }).toBuffer())
  }
}

export const fits = ['stretch', 'crop', 'pad'] as const
export type Fit = (typeof fits)[number]
export const kernels = ['lanczos', 'mitchell', 'cubic', 'linear', 'nearest'] as const
export type Kernel = (typeof kernels)[number]

const sharpFit = { stretch: 'fill', crop: 'cover', pad: 'contain' } as const
const sharpKernel = {
  lanczos: 'lanczos3',
  mitchell: 'mitchell',
  cubic: 'cubic',
  linear: 'linear',
  nearest: 'nearest',
} as const

export interface Size {
  width: number
  height: number
}

/** Another size in pixels; throws `invalid` for a `background` that is no colour. `crop` covers and cuts the middle, `pad` fits and fills with `background` (CSS colour). */
export async function resize(
  raster: Raster,
  { width, height }: Size,
  {
    fit = 'crop',
    kernel = 'lanczos',
    background = '#000000',
  }: { fit?: Fit; kernel?: Kernel; background?: string } = {},
): Promise<Raster> {
  if (raster.width === width && raster.height === height) return raster
  const picture = await openRaster(raster)
  try {
    const resized = picture.resize(width, height, {
      fit: sharpFit[fit],
      kernel: sharpKernel[kernel],
      background,
    })
    return await rasterOf(raster.channels === 1 ? resized.toColourspace('b-w') : resized)
  } catch (error) {
    throw /pars\w+ colou?r/i.test(String(error)) ? noColour(background, error) : error
  }
}

function noColour(colour: string, cause: unknown) {
  return new PlanographError('invalid', `"${colour}" is not a colour.`, {
    hint: 'Write a colour such as #ffffff, white or rgb(255, 0, 0).',
    cause,
  })
}

/** Runs a pipeline of sharp's to raw pixels. */
export async function rasterOf(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return { data: plain(data), width: info.width, height: info.height, channels: channelsOf(info.channels) }
}

/** A pipeline of sharp's over pixels. */
export const pipeline = openRaster

/** A picture value's pixels. `name` begins the message when they cannot be had. */
export async function readImage(ctx: HasBlobs, image: BlobRef, name?: string): Promise<Raster> {
  return decode(await ctx.blobs.read(image), name)
}

/** Keeps encoded bytes as a picture value; proves nothing, so only for bytes that we encoded. */
export async function writeImage(ctx: HasBlobs, bytes: Uint8Array, size: Size, format: Format = 'png') {
  return ctx.blobs.write(bytes, `image/${format}`, { width: size.width, height: size.height })
}

function refuseHuge(width: number, height: number, name: string) {
  if (width * height <= maxPixels) return
  throw new PlanographError(
    'invalid',
    `${name} is too large: ${width} × ${height} pixels. At most ${maxPixels / 1e6} megapixels are read.`,
    { code: 'picture-too-large', hint: 'Make it smaller with a picture editor, then use the smaller one.' },
  )
}

function unreadable(name: string, reason: string, cause?: unknown) {
  return new PlanographError('invalid', `${name} cannot be read as a picture: ${reason}.`, {
    code: 'picture-unreadable',
    hint: 'Use a PNG, JPEG, WebP, GIF, AVIF or TIFF file. If it should be one, it is damaged: save it again.',
    cause,
  })
}

function reasonOf(error: unknown): string {
  const line = error instanceof Error ? error.message.split('\n')[0] : String(error)
  return (line ?? '').replace(/^Input (buffer|file) (contains )?/, '').replace(/\.$/, '')
}

/** The same bytes without being a Buffer: what is handed out behaves the same wherever it came from. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

function channelsOf(count: number): Raster['channels'] {
  if (count === 1 || count === 2 || count === 3 || count === 4) return count
  throw new RangeError(`A picture of ${count} channels.`)
}
