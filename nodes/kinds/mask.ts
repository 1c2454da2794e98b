import { z } from 'zod'
import type { Json } from '../../runtime/values.ts'
import { Image } from './image.ts'
import { rasterise } from './rasterise.ts'
import { DrawnMask } from './strokes.ts'

/** What is to be repainted: white = repaint. 8-bit grey of the picture's size, or the strokes it was drawn with. */
export const Mask = z.union([Image, DrawnMask])
export type Mask = z.infer<typeof Mask>

export function isDrawn(mask: Mask): mask is DrawnMask {
  return 'strokes' in mask
}

/** What of a mask counts for the result cache: the bytes its strokes paint, not how they were drawn. */
export function maskContent(value: Json, hash: (text: string) => string): Json {
  const drawn = DrawnMask.safeParse(value)
  if (!drawn.success) return value
  const grey = rasterise(drawn.data)
  let text = ''
  for (let from = 0; from < grey.length; from += 8_192)
    text += String.fromCharCode(...grey.subarray(from, from + 8_192))
  return { size: drawn.data.size, painted: hash(text) }
}
