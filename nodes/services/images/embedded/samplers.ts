import { type ScheduleType, samplerLabels } from '../../../kinds/samplers.ts'
import type { Noise } from './noise.ts'
import { combine } from './prediction.ts'
import {
  ddimSchedule,
  dpmSchedule,
  eulerSchedule,
  lcmSchedule,
  type Schedule,
  type Step,
} from './schedule.ts'
import type { SchedulerConfig } from './scheduler-config.ts'

/** What a sampler sees of one step. Samples are of unit variance, as the UNet reads them. */
export interface Moment {
  step: Step
  sample: Float32Array
  /** The clean latents predicted from `sample`. */
  predicted: Float32Array
  /** The prediction and the step before, for samplers that look back. */
  before?: { predicted: Float32Array; step: Step }
  noise: Noise
}

export interface Sampler {
  label: string
  /** Schedule types it takes besides Automatic and Normal. */
  karras: boolean
  schedule(config: SchedulerConfig, steps: number, karras: boolean): Schedule
  /** The sample at the level the step leads to. */
  next(moment: Moment, config: SchedulerConfig): Float32Array
}

/** The samplers of the embedded engine, each checked against diffusers' one of the same name. */
export const samplers: readonly Sampler[] = [
  { label: 'DPM++ 2M', karras: true, schedule: dpmSchedule, next: secondOrder },
  { label: 'Euler a', karras: true, schedule: eulerSchedule, next: ancestral },
  { label: 'Euler', karras: true, schedule: eulerSchedule, next: straight },
  { label: 'DDIM', karras: false, schedule: ddimSchedule, next: clipped },
  { label: 'LCM', karras: false, schedule: lcmSchedule, next: consistency },
]

/**
 * Whether `Automatic` means Karras: where A1111 says so for the sampler, except for models with zero terminal SNR, whose
 * first noise level is so high that Karras would spend most steps on it.
 */
export function isKarras(sampler: Sampler, scheduler: ScheduleType, config: SchedulerConfig): boolean {
  if (scheduler !== 'Automatic') return scheduler === 'Karras'
  const usual = samplerLabels.find(({ label }) => label === sampler.label)?.automatic
  return usual === 'Karras' && !config.rescale_betas_zero_snr
}

function noiseIn({ sample, predicted, step: { from } }: Moment): Float32Array {
  return combine(1 / from.sigma, sample, -from.alpha / from.sigma, predicted)
}

/** Euler's method on the probability flow, which in variance-preserving form is DDIM without noise. */
function straight(moment: Moment): Float32Array {
  const { alpha, sigma } = moment.step.to
  return combine(alpha, moment.predicted, sigma, noiseIn(moment))
}

function clipped(moment: Moment, config: SchedulerConfig): Float32Array {
  if (!config.clip_sample) return straight(moment)
  const { alpha, sigma } = moment.step.to
  const range = config.clip_sample_range
  const picture = moment.predicted.map((value) => Math.min(range, Math.max(-range, value)))
  return combine(alpha, picture, sigma, noiseIn(moment))
}

/** Euler a: goes below the next level and comes back up by fresh noise. Draws noise at every step, the last included. */
function ancestral(moment: Moment): Float32Array {
  const { from, to } = moment.step
  const high = from.sigma / from.alpha
  const low = to.sigma / to.alpha
  const up = Math.sqrt((low ** 2 * (high ** 2 - low ** 2)) / high ** 2)
  const down = Math.sqrt(low ** 2 - up ** 2)
  const settled = combine(to.alpha, moment.predicted, to.alpha * down, noiseIn(moment))
  return combine(1, settled, to.alpha * up, moment.noise(settled.length))
}

/** DPM-Solver++ (Lu et al., 2022), second order multistep, midpoint; first order for the first and the last step. */
function secondOrder({ step, sample, predicted, before }: Moment): Float32Array {
  const { from, to } = step
  if (to.sigma === 0) return predicted
  const width = logRatio(to) - logRatio(from)
  const gain = -to.alpha * Math.expm1(-width)
  const settled = combine(to.sigma / from.sigma, sample, gain, predicted)
  if (!before) return settled
  const ratio = (logRatio(from) - logRatio(before.step.from)) / width
  const slope = combine(1, predicted, -1, before.predicted)
  return combine(1, settled, (0.5 * gain) / ratio, slope)
}

const logRatio = ({ alpha, sigma }: Step['to']): number => Math.log(alpha) - Math.log(sigma)

/** LCM (Luo et al., 2023): jumps to a clean picture at each step and noises it again, but for the last. */
function consistency({ step, sample, predicted, noise }: Moment, config: SchedulerConfig): Float32Array {
  const scaled = step.timestep * config.timestep_scaling
  const skip = 0.25 / (scaled ** 2 + 0.25)
  const out = scaled / Math.sqrt(scaled ** 2 + 0.25)
  const settled = combine(out, predicted, skip, sample)
  return step.to.sigma === 0 ? settled : combine(step.to.alpha, settled, step.to.sigma, noise(settled.length))
}
