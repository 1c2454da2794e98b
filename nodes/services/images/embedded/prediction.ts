import type { Level } from './schedule.ts'
import type { SchedulerConfig } from './scheduler-config.ts'

/**
 * The clean latents that a UNet's output means, given the sample it was shown and that sample's noise level.
 * v-prediction: Salimans and Ho, "Progressive distillation" (2022), appendix D.
 */
export function predictedLatents(
  kind: SchedulerConfig['prediction_type'],
  output: Float32Array,
  sample: Float32Array,
  { alpha, sigma }: Level,
): Float32Array {
  if (kind === 'sample') return output
  if (kind === 'v_prediction') return combine(alpha, sample, -sigma, output)
  return combine(1 / alpha, sample, -sigma / alpha, output)
}

/** a · x + b · y, element by element. */
export function combine(a: number, x: Float32Array, b: number, y: Float32Array): Float32Array {
  const result = new Float32Array(x.length)
  for (let i = 0; i < x.length; i++) result[i] = a * (x[i] ?? 0) + b * (y[i] ?? 0)
  return result
}

/** The sample at a noise level: alpha · latents + sigma · noise. */
export function noised(latents: Float32Array, noise: Float32Array, level: Level): Float32Array {
  return combine(level.alpha, latents, level.sigma, noise)
}
