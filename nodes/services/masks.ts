import type { Blobs } from '../../runtime/define-node.ts'
import type { BlobRef } from '../../runtime/values.ts'
import { isDrawn, type Mask } from '../kinds/mask.ts'
import { rasterise } from '../kinds/rasterise.ts'
import { DrawnMask } from '../kinds/strokes.ts'
import { decode, encode, type Raster, resize, type Size } from './pictures.ts'

/** Grey pixels of a mask: 255 = repaint, 0 = keep. */
export interface Grey extends Size {
  data: Uint8Array
}

interface HasBlobs {
  blobs: Blobs
}

/**
 * A mask value's grey pixels, brought to `size` where it is given. A file with real transparency is read as A1111
 * reads it: its alpha alone, opaque = repaint (modules/img2img.py, create_binary_mask, 1.10.1).
 */
export async function readMask(ctx: HasBlobs, mask: Mask, size?: Size, name = 'The mask'): Promise<Grey> {
  const grey = isDrawn(mask) ? drawn(mask) : greyOf(await decode(await ctx.blobs.read(mask), name))
  return size ? resizeGrey(grey, size) : grey
}

/** Parsed, because a mask that was typed may leave out what has a default. */
function drawn(mask: DrawnMask): Grey {
  const parsed = DrawnMask.parse(mask)
  const [width, height] = parsed.size
  return { width, height, data: rasterise(parsed) }
}

/** Keeps grey pixels as a mask value: an 8-bit grey PNG. */
export async function writeMask(ctx: HasBlobs, grey: Grey): Promise<BlobRef> {
  const { width, height } = grey
  return ctx.blobs.write(await encodeMask(grey), 'image/png', { width, height })
}

/** An 8-bit grey PNG. */
export async function encodeMask({ width, height, data }: Grey): Promise<Uint8Array> {
  return encode({ width, height, data, channels: 1 })
}

export async function resizeGrey(grey: Grey, size: Size): Promise<Grey> {
  const { width, height, data } = await resize({ ...grey, channels: 1 }, size, {
    fit: 'stretch',
    kernel: 'linear',
  })
  return { width, height, data }
}

/** One grey byte per pixel: the alpha where some of it is not opaque, else the luminance (Rec. 709 weights). */
export function greyOf(raster: Raster): Grey {
  const { width, height, channels } = raster
  const alpha = channels === 2 || channels === 4 ? channelOf(raster, channels - 1) : undefined
  if (alpha?.some((value) => value < 255)) return { width, height, data: alpha }
  return { width, height, data: channels < 3 ? channelOf(raster, 0) : luminanceOf(raster) }
}

/** One channel's bytes, by its position. */
export function channelOf({ data, channels, width, height }: Raster, position: number): Uint8Array {
  const picked = new Uint8Array(width * height)
  for (let i = 0, at = position; i < picked.length; i++, at += channels) picked[i] = data[at] ?? 0
  return picked
}

/** Luminance of an RGB or RGBA picture, Rec. 709 weights on the encoded values, as everyone shows it. */
export function luminanceOf({ data, channels, width, height }: Raster): Uint8Array {
  const grey = new Uint8Array(width * height)
  for (let i = 0, at = 0; i < grey.length; i++, at += channels)
    grey[i] = Math.round(
      0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0),
    )
  return grey
}
