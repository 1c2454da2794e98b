import type { Grey } from '../masks.ts'

/**
 * How much of the painted picture is seen at each pixel, 0…1. Outside the mask it is exactly 0; from the mask's edge it
 * rises inward over about twice `blur` pixels, so that nothing outside changes. The picture's own edge is no edge.
 */
export function featherInward(mask: Grey, blur: number): Float32Array {
  const seen = Float32Array.from(mask.data, (value) => value / 255)
  if (blur <= 0) return seen
  const distance = distanceInside(mask)
  const reach = 2 * blur
  for (let i = 0; i < seen.length; i++)
    seen[i] = (seen[i] ?? 0) * smooth(Math.min(1, (distance[i] ?? 0) / (reach + 1)))
  return seen
}

/** 0 at 0, 1 at 1, level at both ends. */
const smooth = (t: number) => t * t * (3 - 2 * t)

/**
 * Distance of each masked pixel to the nearest one that is not masked, in pixels; infinite without one. Exact and
 * Euclidean (Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012): columns, then rows.
 */
function distanceInside({ width, height, data }: Grey): Float64Array {
  const squared = Float64Array.from(data, (value) => (value === 0 ? 0 : Number.POSITIVE_INFINITY))
  for (let x = 0; x < width; x++) transform(squared, x, width, height)
  for (let y = 0; y < height; y++) transform(squared, y * width, 1, width)
  return squared.map(Math.sqrt)
}

/** One line of squared distances: the lower envelope of a parabola over each finite sample. */
function transform(values: Float64Array, start: number, stride: number, length: number) {
  const line = Float64Array.from({ length }, (_, i) => values[start + i * stride] ?? 0)
  const tops: number[] = []
  const from: number[] = []
  for (let q = 0; q < length; q++) {
    const height = line[q] ?? 0
    if (height === Number.POSITIVE_INFINITY) continue
    let meets = Number.NEGATIVE_INFINITY
    for (let p = tops.at(-1); p !== undefined; p = tops.at(-1)) {
      meets = (height + q * q - ((line[p] ?? 0) + p * p)) / (2 * (q - p))
      if (meets > (from.at(-1) ?? 0)) break
      tops.pop()
      from.pop()
      meets = Number.NEGATIVE_INFINITY
    }
    tops.push(q)
    from.push(meets)
  }
  if (tops.length === 0) return
  for (let q = 0, k = 0; q < length; q++) {
    while (k + 1 < tops.length && (from[k + 1] ?? 0) < q) k++
    const top = tops[k] ?? 0
    values[start + q * stride] = (q - top) ** 2 + (line[top] ?? 0)
  }
}
