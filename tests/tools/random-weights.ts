import { noiseFrom } from '../../nodes/services/images/embedded/noise.ts'
import type { Weights } from './onnx.ts'

/** Makes weights of a name, dims and standard deviation. */
export type Random = (name: string, dims: readonly number[], scale: number) => Weights

export function randomWeights(seed: number): Random {
  const noise = noiseFrom(BigInt(seed))
  return (name, dims, scale) => {
    const size = dims.reduce((product, length) => product * length, 1)
    // A billion draws would take minutes.
    return { name, dims, data: noise(Math.min(size, 65_536)).map((value) => value * scale) }
  }
}

export const integers = (name: string, ...values: number[]): Weights => ({
  name,
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
})
