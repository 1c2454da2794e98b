import type { Raster } from '../pictures.ts'
import type { Box } from './crop.ts'

/**
 * The picture with a patch laid into it. `seen` says for each pixel of the picture how much of the patch is seen, 0…1;
 * where it is 0 the pixel keeps every byte. Painted pixels become opaque.
 */
export function pasteBack(
  picture: Raster,
  patch: Raster,
  { left, top, width, height }: Box,
  seen: Float32Array,
): Raster {
  const data = Uint8Array.from(picture.data)
  const colours = picture.channels < 3 ? 1 : 3
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (top + y) * picture.width + left + x
      const share = seen[at] ?? 0
      if (share === 0) continue
      const to = at * picture.channels
      const from = (y * patch.width + x) * patch.channels
      for (let c = 0; c < colours; c++) data[to + c] = mixed(data[to + c], patch.data[from + c], share)
      if (picture.channels > colours) data[to + colours] = mixed(data[to + colours], 255, share)
    }
  return { ...picture, data }
}

const mixed = (before = 0, painted = 0, share = 0) => Math.round(before * (1 - share) + painted * share)
