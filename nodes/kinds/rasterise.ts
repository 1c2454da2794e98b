import { type Coverage, coverPath } from './brush.ts'
import { coverFlood } from './flood.ts'
import { coverEllipse, coverPolygon, coverRectangle } from './shapes.ts'
import type { DrawnMask, Stroke } from './strokes.ts'

/**
 * The grey bytes of a drawn mask, width × height, row by row; 255 = repaint. The same bytes everywhere: what the
 * browser shows is what Node renders and what cache keys hash. Pixel (0, 0) covers 0 ≤ x < 1, 0 ≤ y < 1.
 */
export function rasterise({ size: [width, height], strokes }: DrawnMask): Uint8Array {
  const grey = new Uint8Array(width * height)
  const stroke: Coverage = { width, height, data: new Uint8Array(width * height) }
  for (const each of strokes) {
    coverStroke(stroke, each, grey)
    land(grey, stroke, each, reachOf(each, width, height))
  }
  return grey
}

function coverStroke(into: Coverage, stroke: Stroke, grey: Uint8Array) {
  const [first] = stroke.points
  const last = stroke.points.at(-1)
  if (!first || !last) return
  switch (stroke.tool) {
    case 'brush':
    case 'eraser':
      return coverPath(into, stroke.points, stroke)
    case 'lasso':
      return coverPolygon(into, stroke.points)
    case 'rectangle':
      return coverRectangle(into, first, last)
    case 'ellipse':
      return coverEllipse(into, first, last)
    case 'fill':
      return coverFlood(into, grey, first[0], first[1])
  }
}

/** Lays a stroke over the mask, or takes it away, in whole numbers; what it covered is forgotten for the next. */
function land(grey: Uint8Array, { data, width }: Coverage, stroke: Stroke, area: Area) {
  const target = stroke.tool === 'eraser' || stroke.erase ? 0 : 255
  const strength = Math.round(stroke.opacity * 255)
  for (let y = area.top; y < area.bottom; y++) {
    for (let at = y * width + area.left; at < y * width + area.right; at++) {
      const covered = data[at] ?? 0
      if (covered === 0) continue
      const before = grey[at] ?? 0
      grey[at] = Math.round(before + ((target - before) * covered * strength) / 65025)
      data[at] = 0
    }
  }
}

interface Area {
  left: number
  top: number
  right: number
  bottom: number
}

/** Pixels that a stroke can touch: small strokes on large pictures cost little. */
function reachOf({ tool, points, size }: Stroke, width: number, height: number): Area {
  if (tool === 'fill') return { left: 0, top: 0, right: width, bottom: height }
  const margin = tool === 'brush' || tool === 'eraser' ? size / 2 + 2 : 1
  const area = { left: width, top: height, right: 0, bottom: 0 }
  for (const [x, y] of points) {
    area.left = Math.min(area.left, Math.floor(x - margin))
    area.top = Math.min(area.top, Math.floor(y - margin))
    area.right = Math.max(area.right, Math.ceil(x + margin))
    area.bottom = Math.max(area.bottom, Math.ceil(y + margin))
  }
  return {
    left: Math.max(0, area.left),
    top: Math.max(0, area.top),
    right: Math.min(width, area.right),
    bottom: Math.min(height, area.bottom),
  }
}
