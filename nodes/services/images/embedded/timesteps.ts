import type { SchedulerConfig } from './scheduler-config.ts'

/** Table 2 of Lin et al., "Common diffusion noise schedules and sample steps are flawed" (2023). */
export type Spacing = 'leading' | 'trailing' | 'linspace'

/**
 * Timesteps from noisy to clean as the samplers of diffusers 0.42 space them. `whole`: rounded (DDIM); `exact`:
 * linspace gives fractions (Euler); `inner`: the range is cut into one part more, and the clean end left out (DPM++).
 */
export function spacedTimesteps(
  config: SchedulerConfig,
  count: number,
  spacing: Spacing,
  style: 'whole' | 'exact' | 'inner',
): number[] {
  const total = config.num_train_timesteps
  const parts = style === 'inner' ? count + 1 : count
  const indexes = Array.from({ length: count }, (_, index) => index)
  if (spacing === 'trailing') return indexes.map((index) => rounded(total - (index * total) / count) - 1)
  if (spacing === 'leading') {
    const stride = Math.floor(total / parts)
    return indexes.map((index) => (parts - 1 - index) * stride + config.steps_offset)
  }
  if (parts === 1) return [total - 1]
  const width = (total - 1) / (parts - 1)
  const spaced = indexes.map((index) => (parts - 1 - index) * width)
  return spaced.map((value) => (style === 'exact' ? Math.fround(value) : rounded(value)))
}

/** Halves go to the even neighbour, as numpy rounds. */
function rounded(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  if (rest !== 0.5) return Math.round(value)
  return low % 2 === 0 ? low : low + 1
}
