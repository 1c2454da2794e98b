import type { Coverage } from './brush.ts'

/**
 * The area around a point on the same side of half-white, together with the pixels that border it, so that the smooth
 * edge of a drawn outline leaves no seam. `picture` is the mask so far. A point outside covers nothing.
 */
export function coverFlood(into: Coverage, picture: Uint8Array, x: number, y: number): void {
  const { width, height, data } = into
  const startX = Math.floor(x)
  const startY = Math.floor(y)
  if (startX < 0 || startY < 0 || startX >= width || startY >= height) return
  const start = startY * width + startX
  const white = isWhite(picture, start)
  const waiting = [start]
  const reach = (next: number) => {
    if (data[next] === 255) return
    data[next] = 255
    if (isWhite(picture, next) === white) waiting.push(next)
  }
  /** Over a corner only the border is reached: an area does not leak through a diagonal line. */
  const reachBorder = (next: number) => {
    if (isWhite(picture, next) !== white) data[next] = 255
  }
  data[start] = 255
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const column = at % width
    for (const row of [at - width, at, at + width]) {
      if (row < 0 || row >= data.length) continue
      const step = row === at ? reach : reachBorder
      if (row !== at) reach(row)
      if (column > 0) step(row - 1)
      if (column < width - 1) step(row + 1)
    }
  }
}

const isWhite = (picture: Uint8Array, at: number) => (picture[at] ?? 0) >= 128
