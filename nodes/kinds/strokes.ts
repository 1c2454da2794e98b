import { z } from 'zod'

export const strokeTools = ['brush', 'eraser', 'lasso', 'rectangle', 'ellipse', 'fill'] as const

const Coordinate = z.number().min(-32768).max(32768)
/** x and y in pixels of the mask, from its upper left corner; pressure 0…1 scales the brush (default 1). */
export const StrokePoint = z.union([
  z.tuple([Coordinate, Coordinate]),
  z.tuple([Coordinate, Coordinate, z.number().min(0).max(1)]),
])
export type StrokePoint = z.infer<typeof StrokePoint>

/**
 * One movement of a tool. Brush and eraser follow the points; a lasso encloses them; rectangle and ellipse span the
 * first and the last point; a fill floods from its first point. `size` is the diameter in pixels, `hardness` the part
 * of the radius that is full (0 soft … 1 crisp), `opacity` how much of it lands. `erase` makes any tool take away.
 */
export const Stroke = z.object({
  tool: z.enum(strokeTools),
  points: z.array(StrokePoint).min(1).max(100_000),
  size: z.number().positive().max(4096).default(32),
  hardness: z.number().min(0).max(1).default(1),
  opacity: z.number().min(0).max(1).default(1),
  erase: z.boolean().optional(),
})
export type Stroke = z.infer<typeof Stroke>

/** A mask as it was drawn: small, undoable, shared live. Starts black (nothing is repainted). */
export const DrawnMask = z.object({
  /** Width and height in pixels: those of the picture it belongs to. At most 100 megapixels. */
  size: z
    .tuple([z.int().min(1).max(32_768), z.int().min(1).max(32_768)])
    .refine(([width, height]) => width * height <= 100_000_000, 'a mask has at most 100 megapixels'),
  strokes: z.array(Stroke),
})
export type DrawnMask = z.infer<typeof DrawnMask>
