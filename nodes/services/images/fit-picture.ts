import { pipeline, type Raster, rasterOf, resize } from '../pictures.ts'
import { fitInside } from './crop.ts'
import type { Size } from './sizes.ts'

/** A1111's ways to bring a picture to another shape. */
export const resizeModes = ['just resize', 'crop and resize', 'resize and fill'] as const
export type ResizeMode = (typeof resizeModes)[number]

/** A picture at another size, without transparency (laid over white), as models read it. */
export async function fitPicture(raster: Raster, size: Size, mode: ResizeMode): Promise<Raster> {
  const opaque = await withoutAlpha(raster)
  switch (mode) {
    case 'just resize':
      return resize(opaque, size, { fit: 'stretch' })
    case 'crop and resize':
      return resize(opaque, size, { fit: 'crop' })
    case 'resize and fill':
      return fillAround(opaque, size)
  }
}

async function withoutAlpha(raster: Raster): Promise<Raster> {
  if (raster.channels === 3) return raster
  return rasterOf((await pipeline(raster)).flatten({ background: '#ffffff' }).toColourspace('srgb'))
}

/** Fitted whole, its edges drawn out to fill what is left. */
async function fillAround(raster: Raster, size: Size): Promise<Raster> {
  const { left, top, width, height } = fitInside(raster, size)
  const inner = await resize(raster, { width, height }, { fit: 'stretch' })
  const [right, bottom] = [size.width - left - width, size.height - top - height]
  if (left + top + right + bottom === 0) return inner
  return rasterOf((await pipeline(inner)).extend({ left, top, right, bottom, extendWith: 'copy' }))
}
