import { cumulativeAlphas } from './alphas.ts'
import type { SchedulerConfig } from './scheduler-config.ts'
import { type Spacing, spacedTimesteps } from './timesteps.ts'

/** A noise level of variance-preserving diffusion: sample = alpha · picture + sigma · noise, alpha² + sigma² = 1. */
export interface Level {
  alpha: number
  sigma: number
}

export interface Step {
  /** What the UNet is told; a fraction where the sampler steps between training timesteps. */
  timestep: number
  from: Level
  to: Level
}

/** What is sampled, in order, and the scale of unit noise before the first step. */
export interface Schedule {
  steps: readonly Step[]
  start: number
}

export const clean: Level = { alpha: 1, sigma: 0 }

/** A stand-in for an alpha of zero where a finite ratio of noise to picture is needed; diffusers takes the same. */
const SMALLEST = 2 ** -24

/** Levels by training timestep, the terminal one never quite without signal. */
function finiteAlphas(config: SchedulerConfig): Float32Array {
  const alphas = cumulativeAlphas(config)
  if (config.rescale_betas_zero_snr) alphas[alphas.length - 1] = SMALLEST
  return alphas
}

function levelOf(alphaBar: number): Level {
  return { alpha: Math.sqrt(alphaBar), sigma: Math.sqrt(1 - alphaBar) }
}

/** From the ratio of noise to picture, which k-diffusion calls sigma. */
export function levelOfRatio(ratio: number): Level {
  const alpha = 1 / Math.sqrt(ratio * ratio + 1)
  return { alpha, sigma: ratio * alpha }
}

const ratioOf = (alphaBar: number): number => Math.sqrt((1 - alphaBar) / alphaBar)

/**
 * The schedule of diffusers' `DDIMScheduler` 0.42: training timesteps; each step leads to the level one stride below its
 * own timestep, and the last to the clean picture.
 */
export function ddimSchedule(config: SchedulerConfig, count: number): Schedule {
  const exact = config.prediction_type === 'epsilon' ? finiteAlphas(config) : cumulativeAlphas(config)
  const final = levelOf(config.set_alpha_to_one ? 1 : (exact[0] ?? 1))
  const stride = Math.floor(config.num_train_timesteps / count)
  const timesteps = spacedTimesteps(config, count, config.timestep_spacing ?? 'leading', 'whole')
  const at = (timestep: number): Level => (timestep < 0 ? final : levelOf(exact[timestep] ?? 1))
  return {
    steps: timesteps.map((timestep) => ({ timestep, from: at(timestep), to: at(timestep - stride) })),
    start: 1,
  }
}

/** The schedule of diffusers' Euler samplers 0.42: timesteps may be fractions, Karras spreads between their ends. */
export function eulerSchedule(config: SchedulerConfig, count: number, karras: boolean): Schedule {
  const spacing: Spacing = config.timestep_spacing ?? 'linspace'
  const ratios = Array.from(finiteAlphas(config), ratioOf)
  const timesteps = spacedTimesteps(config, count, spacing, 'exact')
  const own = timesteps.map((timestep) => Math.fround(interpolated(ratios, timestep)))
  const used = karras ? karrasRatios(own[0] ?? 0, own.at(-1) ?? 0, count) : own
  const times = karras ? used.map((ratio) => timestepOf(ratios, ratio)) : timesteps
  const first = used[0] ?? 0
  return { steps: chained(times, used), start: spacing === 'leading' ? 1 : levelOfRatio(first).sigma }
}

/** The schedule of diffusers' `DPMSolverMultistepScheduler` 0.42; Karras spreads over the whole training range. */
export function dpmSchedule(config: SchedulerConfig, count: number, karras: boolean): Schedule {
  const ratios = Array.from(finiteAlphas(config), ratioOf)
  if (karras) {
    const used = karrasRatios(ratios.at(-1) ?? 0, ratios[0] ?? 0, count)
    const times = used.map((ratio) => timestepOf(ratios, ratio))
    const whole = config.beta_schedule === 'squaredcos_cap_v2' ? Math.floor : Math.round
    return { steps: chained(times.map(whole), used), start: 1 }
  }
  const timesteps = spacedTimesteps(config, count, config.timestep_spacing ?? 'linspace', 'inner')
  return {
    steps: chained(
      timesteps,
      timesteps.map((timestep) => interpolated(ratios, timestep)),
    ),
    start: 1,
  }
}

/**
 * The schedule of diffusers' `LCMScheduler` 0.42: evenly chosen from the timesteps the model was distilled on.
 * The count must not be larger than `original_inference_steps`.
 */
export function lcmSchedule(config: SchedulerConfig, count: number): Schedule {
  const alphas = config.prediction_type === 'epsilon' ? finiteAlphas(config) : cumulativeAlphas(config)
  const original = config.original_inference_steps
  const stride = Math.floor(config.num_train_timesteps / original)
  const timesteps = Array.from({ length: count }, (_, index) => {
    return (original - Math.floor((index * original) / count)) * stride - 1
  })
  const levels = timesteps.map((timestep) => levelOf(alphas[timestep] ?? 1))
  return {
    steps: timesteps.map((timestep, index) => ({
      timestep,
      from: levels[index] ?? clean,
      to: levels[index + 1] ?? clean,
    })),
    start: 1,
  }
}

/** The end of a schedule, for a picture that is there already: strength 1 is all of it, 0 nothing. */
export function lastPart(schedule: Schedule, strength: number): Schedule {
  const all = schedule.steps.length
  const kept = strength <= 0 ? 0 : Math.max(1, Math.min(all, Math.floor(all * strength + 1e-9)))
  return { steps: schedule.steps.slice(all - kept), start: schedule.start }
}

function chained(timesteps: readonly number[], ratios: readonly number[]): Step[] {
  const levels = ratios.map(levelOfRatio)
  return timesteps.map((timestep, index) => ({
    timestep,
    from: levels[index] ?? clean,
    to: levels[index + 1] ?? clean,
  }))
}

/** Karras et al., "Elucidating the design space of diffusion-based generative models" (2022), equation 5, rho 7. */
function karrasRatios(highest: number, lowest: number, count: number): number[] {
  const from = highest ** (1 / 7)
  const to = lowest ** (1 / 7)
  return Array.from({ length: count }, (_, index) => {
    return (from + (count > 1 ? index / (count - 1) : 0) * (to - from)) ** 7
  })
}

function interpolated(values: readonly number[], position: number): number {
  const low = Math.min(Math.floor(position), values.length - 1)
  const high = Math.min(low + 1, values.length - 1)
  const first = values[low] ?? 0
  return first + ((values[high] ?? 0) - first) * (position - low)
}

/** The (fractional) training timestep of a ratio, between its neighbours by logarithm. */
function timestepOf(ratios: readonly number[], ratio: number): number {
  let low = 0
  while (low < ratios.length - 2 && (ratios[low + 1] ?? 0) <= ratio) low++
  const from = Math.log(ratios[low] ?? 1)
  const to = Math.log(ratios[low + 1] ?? 1)
  return low + Math.min(1, Math.max(0, (Math.log(Math.max(ratio, 1e-10)) - from) / (to - from)))
}
