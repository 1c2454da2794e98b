import { squaredDistances } from '../../kinds/mask-distance.ts'
import type { Grey } from '../masks.ts'

/**
 * How much of the painted picture is seen at each pixel, 0…1. Outside the mask it is exactly 0; from the mask's edge it
 * rises inward over about twice `blur` pixels, so that nothing outside changes. The picture's own edge is no edge.
 */
export function featherInward(mask: Grey, blur: number): Float32Array {
  const seen = Float32Array.from(mask.data, (value) => value / 255)
  if (blur <= 0) return seen
  const squared = squaredDistances(mask, (value) => value === 0)
  const reach = 2 * blur + 1
  return seen.map((value, at) => value * smooth(Math.min(1, Math.sqrt(squared[at] ?? 0) / reach)))
}

/** 0 at 0, 1 at 1, level at both ends. */
const smooth = (t: number) => t * t * (3 - 2 * t)
