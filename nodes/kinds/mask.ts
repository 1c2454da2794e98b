import { z } from 'zod'
import { Image } from './image.ts'
import { DrawnMask } from './strokes.ts'

/** What is to be repainted: white = repaint. 8-bit grey of the picture's size, or the strokes it was drawn with. */
export const Mask = z.union([Image, DrawnMask])
export type Mask = z.infer<typeof Mask>

export function isDrawn(mask: Mask): mask is DrawnMask {
  return 'strokes' in mask
}
