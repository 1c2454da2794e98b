/**
 * Growing and shrinking of masks by exact Euclidean distance, with smooth edges.
 * Distances: Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions" (2012); time is linear in the
 * number of pixels whatever the radius.
 */
interface GreyPixels {
  width: number
  height: number
  data: Uint8Array
}

/** White grows by so many pixels in every direction; soft edges that are already there stay. */
export function growMask(mask: GreyPixels, pixels: number): Uint8Array {
  if (pixels <= 0) return mask.data
  const distances = squaredDistances(mask, (value) => value >= 128)
  return mask.data.map((value, at) => Math.max(value, near(distances[at] ?? 0, pixels)))
}

/** White shrinks by so many pixels. The picture's border is no edge: nothing shrinks away from it. */
export function shrinkMask(mask: GreyPixels, pixels: number): Uint8Array {
  return invertMask(growMask({ ...mask, data: invertMask(mask.data) }, pixels))
}

export function invertMask(data: Uint8Array): Uint8Array {
  return data.map((value) => 255 - value)
}

/** 255 for pixels whose centre is within the radius, falling to 0 over one more. */
function near(squared: number, radius: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, radius + 1 - Math.sqrt(squared))))
}

/** Of every pixel to the nearest one that is inside, squared; infinite when none is. */
export function squaredDistances(
  { width, height, data }: GreyPixels,
  inside: (value: number) => boolean,
): Float64Array {
  const distances = new Float64Array(width * height)
  for (let at = 0; at < distances.length; at++)
    distances[at] = inside(data[at] ?? 0) ? 0 : Number.POSITIVE_INFINITY
  const longest = Math.max(width, height)
  const work = {
    line: new Float64Array(longest),
    parabola: new Int32Array(longest),
    from: new Float64Array(longest + 1),
  }
  for (let x = 0; x < width; x++) alongLine(distances, x, width, height, work)
  for (let y = 0; y < height; y++) alongLine(distances, y * width, 1, width, work)
  return distances
}

interface Work {
  line: Float64Array
  /** Positions of the parabolas that make the lower envelope. */
  parabola: Int32Array
  /** Where each of them begins to be the lowest. */
  from: Float64Array
}

function alongLine(distances: Float64Array, start: number, step: number, count: number, work: Work) {
  const { line, parabola, from } = work
  let last = -1
  for (let q = 0; q < count; q++) {
    const height = distances[start + q * step] ?? 0
    line[q] = height
    if (height === Number.POSITIVE_INFINITY) continue
    let begin = Number.NEGATIVE_INFINITY
    while (last >= 0) {
      const p = parabola[last] ?? 0
      begin = (height + q * q - ((line[p] ?? 0) + p * p)) / (2 * (q - p))
      if (begin > (from[last] ?? 0)) break
      last--
      begin = Number.NEGATIVE_INFINITY
    }
    last++
    parabola[last] = q
    from[last] = begin
  }
  if (last < 0) return
  let at = 0
  for (let q = 0; q < count; q++) {
    while (at < last && (from[at + 1] ?? 0) < q) at++
    const p = parabola[at] ?? 0
    distances[start + q * step] = (q - p) * (q - p) + (line[p] ?? 0)
  }
}
