import type { GenerateRequest } from '../backend.ts'
import { blend, fillMasked, latentMask } from './mask.ts'
import type { Tensor } from './messages.ts'
import type { Model } from './model.ts'
import type { PartName } from './model-folder.ts'
import { type Noise, noiseFrom } from './noise.ts'
import { type Raster, toRaster, toTensor } from './pixels.ts'
import { combine, noised, predictedLatents } from './prediction.ts'
import { embedPrompts } from './prompt-embeddings.ts'
import type { Sampler } from './samplers.ts'
import { clean, type Level, lastPart, type Schedule, type Step } from './schedule.ts'
import { rowOf, stacked, tensor } from './tensors.ts'

/** A request that has been checked against its model: everything decided, pictures decoded. */
export interface Painting {
  prompt: string
  negative: string
  seed: bigint
  steps: number
  /** At 1 and below there is no guidance. */
  cfg: number
  sampler: Sampler
  karras: boolean
  width: number
  height: number
  init?: { picture: Raster; denoise: number }
  mask?: { mask: Raster; content: NonNullable<GenerateRequest['maskedContent']> }
}

export interface Watch {
  signal: AbortSignal
  /** After each step, with the clean latents it predicts. */
  onStep(step: number, steps: number, predicted: Tensor): void
}

/** The parts that a painting needs. */
export function partsFor({ init }: Painting): PartName[] {
  return init
    ? ['text_encoder', 'unet', 'vae_encoder', 'vae_decoder']
    : ['text_encoder', 'unet', 'vae_decoder']
}

/** Paints one picture, and gives the latents it was decoded from. The same painting gives the same on the same machine. */
export async function paint(
  model: Model,
  painting: Painting,
  watch: Watch,
): Promise<{ picture: Raster; latents: Tensor }> {
  const hidden = await embeddings(model, painting, watch.signal)
  const noise = noiseFrom(painting.seed)
  const begun = await begin(model, painting, noise, watch.signal)
  const latents = shaped(model, painting, await sample(model, painting, begun, hidden, noise, watch))
  return { picture: toRaster(await model.decode(latents, watch.signal)), latents }
}

/** One row of hidden states, or two where guidance compares the prompt with the negative. */
async function embeddings(
  model: Model,
  { prompt, negative, cfg }: Painting,
  signal: AbortSignal,
): Promise<Tensor> {
  const compare = cfg > 1 && !model.isGuided()
  return stacked(await embedPrompts(model, compare ? [negative, prompt] : [prompt], signal))
}

interface Begun {
  schedule: Schedule
  sample: Float32Array
  /** Latents outside the mask, brought back to their noise level after each step. */
  kept?: { latents: Float32Array; noise: Float32Array; mask: Float32Array }
}

async function begin(model: Model, painting: Painting, noise: Noise, signal: AbortSignal): Promise<Begun> {
  const whole = painting.sampler.schedule(model.about.scheduler, painting.steps, painting.karras)
  const unit = noise(lengthOf(model, painting))
  if (!painting.init) return { schedule: whole, sample: unit.map((value) => value * whole.start) }
  const schedule = lastPart(whole, painting.init.denoise)
  const latents = (await model.encode(toTensor(painting.init.picture), signal)).data
  const level = schedule.steps[0]?.from
  if (!painting.mask) return { schedule, sample: level ? noised(latents, unit, level) : latents }
  const mask = latentMask(painting.mask.mask, model.about.factor)
  const inside = await maskedLatents(model, painting.init.picture, painting.mask, latents, noise, signal)
  const mixed = blend(inside, latents, mask)
  return {
    schedule,
    sample: level ? noised(mixed, unit, level) : mixed,
    kept: { latents, noise: unit, mask },
  }
}

/** What painting begins from inside the mask. */
async function maskedLatents(
  model: Model,
  picture: Raster,
  { mask, content }: NonNullable<Painting['mask']>,
  latents: Float32Array,
  noise: Noise,
  signal: AbortSignal,
): Promise<Float32Array> {
  switch (content) {
    case 'original':
      return latents
    case 'fill':
      return (await model.encode(toTensor(fillMasked(picture, mask)), signal)).data
    case 'noise':
      return noise(latents.length)
    case 'nothing':
      return new Float32Array(latents.length)
  }
}

async function sample(
  model: Model,
  painting: Painting,
  begun: Begun,
  hidden: Tensor,
  noise: Noise,
  { signal, onStep }: Watch,
): Promise<Float32Array> {
  const { steps } = begun.schedule
  const config = model.about.scheduler
  let current = begun.sample
  let before: { predicted: Float32Array; step: Step } | undefined
  for (const [index, step] of steps.entries()) {
    const output = await guidedOutput(model, painting, current, step.timestep, hidden, signal)
    const predicted = predictedLatents(config.prediction_type, output, current, step.from)
    const next = painting.sampler.next({ step, sample: current, predicted, before, noise }, config)
    current = begun.kept ? keep(next, begun.kept, steps[index + 1]?.from ?? clean) : next
    before = { predicted, step }
    onStep(index + 1, steps.length, shaped(model, painting, predicted))
  }
  return current
}

function keep(
  next: Float32Array,
  { latents, noise, mask }: NonNullable<Begun['kept']>,
  level: Level,
): Float32Array {
  return blend(next, noised(latents, noise, level), mask)
}

/** Classifier-free guidance (Ho and Salimans, 2022): away from the negative's output, by `cfg`. */
async function guidedOutput(
  model: Model,
  painting: Painting,
  current: Float32Array,
  timestep: number,
  hidden: Tensor,
  signal: AbortSignal,
): Promise<Float32Array> {
  const one = shaped(model, painting, current)
  const rows = hidden.dims[0] ?? 1
  const samples = rows === 1 ? one : stacked([one, one])
  const output = await model.predict({ samples, timestep, hidden, guidance: painting.cfg }, signal)
  if (rows === 1) return output.data
  return combine(painting.cfg, rowOf(output, 1).data, 1 - painting.cfg, rowOf(output, 0).data)
}

function shaped(model: Model, { width, height }: Painting, latents: Float32Array): Tensor {
  const { latentChannels, factor } = model.about
  return tensor([1, latentChannels, height / factor, width / factor], latents)
}

function lengthOf(model: Model, { width, height }: Painting): number {
  const { latentChannels, factor } = model.about
  return latentChannels * (height / factor) * (width / factor)
}
