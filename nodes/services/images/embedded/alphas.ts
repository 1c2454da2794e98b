import type { SchedulerConfig } from './scheduler-config.ts'

/**
 * The cumulative products of alphas of the training schedule, from clean to noisy, rounded to single precision where
 * diffusers 0.42 computes in single precision, so that both agree in the last steps of a schedule with zero terminal SNR.
 */
export function cumulativeAlphas(config: SchedulerConfig): Float32Array {
  const betas = trainingBetas(config)
  return config.rescale_betas_zero_snr ? products(withZeroTerminalSnr(products(betas))) : products(betas)
}

function trainingBetas(config: SchedulerConfig): number[] {
  if (config.trained_betas) return config.trained_betas
  const { num_train_timesteps: count, beta_start: start, beta_end: end } = config
  const indexes = Array.from({ length: count }, (_, index) => index)
  if (config.beta_schedule === 'squaredcos_cap_v2') return indexes.map((index) => cosineBeta(index, count))
  const root = config.beta_schedule === 'scaled_linear'
  const [from, to] = root ? [Math.sqrt(start), Math.sqrt(end)] : [start, end]
  return indexes
    .map((index) => Math.fround(from + ((to - from) * index) / (count - 1)))
    .map((value) => (root ? Math.fround(value * value) : value))
}

function cosineBeta(index: number, count: number): number {
  const bar = (t: number) => Math.cos(((t + 0.008) / 1.008) * (Math.PI / 2)) ** 2
  return Math.fround(Math.min(1 - bar((index + 1) / count) / bar(index / count), 0.999))
}

function products(betas: readonly number[]): Float32Array {
  let product = 1
  return Float32Array.from(betas, (beta) => {
    product *= Math.fround(1 - beta)
    return product
  })
}

/** Lin et al., "Common diffusion noise schedules and sample steps are flawed" (2023), algorithm 1. */
function withZeroTerminalSnr(alphas: Float32Array): number[] {
  const roots = alphas.map(Math.sqrt)
  const first = roots[0] ?? 1
  const last = roots.at(-1) ?? 0
  const scale = Math.fround(first / Math.fround(first - last))
  const bars = roots.map((root) => Math.fround(Math.fround(root - last) * scale) ** 2)
  return Array.from(bars, (bar, index) => Math.fround(1 - (index === 0 ? bar : bar / (bars[index - 1] ?? 1))))
}
