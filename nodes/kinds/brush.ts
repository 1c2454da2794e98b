import type { StrokePoint } from './strokes.ts'

/** How much of each pixel a stroke covers: 0 … 255, row by row. */
export interface Coverage {
  width: number
  height: number
  data: Uint8Array
}

interface Dab {
  x: number
  y: number
  radius: number
}

/**
 * The path of a round brush of `size` pixels in diameter, anti-aliased. Crossing itself covers no more than once.
 * Only operations that IEEE 754 defines to the bit are used (no hypot, sin, exp): browser and Node agree.
 */
export function coverPath(
  into: Coverage,
  points: readonly StrokePoint[],
  { size, hardness }: { size: number; hardness: number },
): void {
  const dabs = points.map(([x, y, pressure = 1]) => ({ x, y, radius: (size / 2) * pressure }))
  dabs.forEach((dab, i) => {
    coverSegment(into, dabs[i - 1] ?? dab, dab, hardness)
  })
}

function coverSegment(into: Coverage, a: Dab, b: Dab, hardness: number) {
  const reach = Math.max(a.radius, b.radius) + 1
  const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach))
  const bottom = Math.min(into.height - 1, Math.ceil(Math.max(a.y, b.y) + reach))
  for (let y = top; y <= bottom; y++) coverRow(into, y, a, b, reach, hardness)
}

function coverRow(into: Coverage, y: number, a: Dab, b: Dab, reach: number, hardness: number) {
  const [from, to] = columnsNear(y + 0.5, a, b, reach)
  const last = Math.min(into.width - 1, Math.ceil(to))
  const dx = b.x - a.x
  const dy = b.y - a.y
  const length = dx * dx + dy * dy
  for (let x = Math.max(0, Math.floor(from)); x <= last; x++) {
    const at = y * into.width + x
    const before = into.data[at] ?? 0
    if (before === 255) continue
    const px = x + 0.5 - a.x
    const py = y + 0.5 - a.y
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length))
    const ex = px - t * dx
    const ey = py - t * dy
    const covered = falloff(Math.sqrt(ex * ex + ey * ey), a.radius + t * (b.radius - a.radius), hardness)
    if (covered > before) into.data[at] = covered
  }
}

/** The x range of a row that can lie within `reach` of the segment. */
function columnsNear(y: number, a: Dab, b: Dab, reach: number): [number, number] {
  const dy = b.y - a.y
  const flat = Math.abs(dy) < 1e-9
  const t0 = flat ? 0 : clamp01((y - reach - a.y) / dy)
  const t1 = flat ? 1 : clamp01((y + reach - a.y) / dy)
  const x0 = a.x + t0 * (b.x - a.x)
  const x1 = a.x + t1 * (b.x - a.x)
  return [Math.min(x0, x1) - reach, Math.max(x0, x1) + reach]
}

/** 255 within `hardness` of the radius, smoothly down to 0 at its end; at least a pixel wide, so edges are smooth. */
function falloff(distance: number, radius: number, hardness: number): number {
  const middle = (radius * (1 + hardness)) / 2
  const half = Math.max(1, radius * (1 - hardness)) / 2
  const s = clamp01((middle + half - distance) / (2 * half))
  return Math.round(255 * s * s * (3 - 2 * s))
}

const clamp01 = (value: number) => Math.min(1, Math.max(0, value))
