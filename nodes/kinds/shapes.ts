import type { Coverage } from './brush.ts'
import type { StrokePoint } from './strokes.ts'

/** Fills spans: pairs of x where the shape begins and ends on the line at height `y`. */
type Spans = (y: number) => readonly number[]

/** Lines per pixel row. Coverage is exact along x and sampled along y. */
const lines = 8

/** Rectangle between two corners. */
export function coverRectangle(into: Coverage, a: StrokePoint, b: StrokePoint): void {
  const { left, right, top, bottom } = box(a, b)
  cover(into, top, bottom, (y) => (y >= top && y < bottom ? [left, right] : []))
}

/** Ellipse in the box between two corners. */
export function coverEllipse(into: Coverage, a: StrokePoint, b: StrokePoint): void {
  const { left, right, top, bottom } = box(a, b)
  const x = (left + right) / 2
  const middle = (top + bottom) / 2
  const half = (bottom - top) / 2
  cover(into, top, bottom, (y) => {
    const d = (y - middle) / half
    const reach = d * d < 1 ? (right - x) * Math.sqrt(1 - d * d) : 0
    return [x - reach, x + reach]
  })
}

/** What a closed line through the points goes round, however often (non-zero winding). */
export function coverPolygon(into: Coverage, points: readonly StrokePoint[]): void {
  const ys = points.map(([, y]) => y)
  const top = ys.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const bottom = ys.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const rows = edgesByRow(points, into.height)
  cover(into, top, bottom, (y) => windingSpans(rows[Math.floor(y)] ?? [], y))
}

interface PolygonEdge {
  x: number
  y: number
  end: number
  slope: number
  winding: 1 | -1
}

function edgesByRow(points: readonly StrokePoint[], height: number): PolygonEdge[][] {
  const rows: PolygonEdge[][] = []
  points.forEach(([x0, y0], i) => {
    const [x1, y1] = points[(i + 1) % points.length] ?? [x0, y0]
    if (y0 === y1) return
    const slope = (x1 - x0) / (y1 - y0)
    const edge: PolygonEdge =
      y0 < y1 ? { x: x0, y: y0, end: y1, slope, winding: 1 } : { x: x1, y: y1, end: y0, slope, winding: -1 }
    const last = Math.min(height - 1, Math.floor(edge.end))
    for (let row = Math.max(0, Math.floor(edge.y)); row <= last; row++) {
      const list = rows[row]
      if (list) list.push(edge)
      else rows[row] = [edge]
    }
  })
  return rows
}

function windingSpans(edges: readonly PolygonEdge[], y: number): number[] {
  const crossings = edges
    .filter((edge) => y >= edge.y && y < edge.end)
    .map((edge) => ({ x: edge.x + (y - edge.y) * edge.slope, winding: edge.winding }))
    .sort((a, b) => a.x - b.x)
  const spans: number[] = []
  let winding = 0
  for (const crossing of crossings) {
    const before = winding
    winding += crossing.winding
    if (before === 0 || winding === 0) spans.push(crossing.x)
  }
  return spans
}

function cover(into: Coverage, top: number, bottom: number, spansAt: Spans) {
  const last = Math.min(into.height - 1, Math.floor(bottom))
  const row = new Float64Array(into.width + 1)
  for (let y = Math.max(0, Math.floor(top)); y <= last; y++) {
    row.fill(0)
    for (let line = 0; line < lines; line++) {
      const spans = spansAt(y + (line + 0.5) / lines)
      for (let i = 0; i + 1 < spans.length; i += 2) addSpan(row, spans[i] ?? 0, spans[i + 1] ?? 0, into.width)
    }
    keepRow(into, y, row)
  }
}

/** Adds a span to a row of differences: what a pixel holds is the sum up to it. */
function addSpan(row: Float64Array, from: number, to: number, width: number) {
  addEdge(row, Math.min(width, Math.max(0, from)), 1)
  addEdge(row, Math.min(width, Math.max(0, to)), -1)
}

function addEdge(row: Float64Array, x: number, sign: number) {
  const pixel = Math.floor(x)
  const part = x - pixel
  row[pixel] = (row[pixel] ?? 0) + sign * (1 - part)
  if (pixel + 1 < row.length) row[pixel + 1] = (row[pixel + 1] ?? 0) + sign * part
}

function keepRow(into: Coverage, y: number, row: Float64Array) {
  let sum = 0
  for (let x = 0; x < into.width; x++) {
    sum += row[x] ?? 0
    const covered = Math.round((255 * Math.min(lines, Math.max(0, sum))) / lines)
    if (covered > 0) into.data[y * into.width + x] = covered
  }
}

function box([ax, ay]: StrokePoint, [bx, by]: StrokePoint) {
  return { left: Math.min(ax, bx), right: Math.max(ax, bx), top: Math.min(ay, by), bottom: Math.max(ay, by) }
}
