import { PlanographError } from '../../../../runtime/errors.ts'
import { refusedSyntax } from '../../../kinds/prompt-syntax.ts'
import { findScheduleType, splitSampler } from '../../../kinds/samplers.ts'
import type { GenerateRequest } from '../backend.ts'
import type { ModelFolder } from './model-folder.ts'
import type { Painting } from './paint.ts'
import { decodeRaster, type Raster } from './pixels.ts'
import { isKarras, type Sampler, samplers } from './samplers.ts'

/** What the engine takes of schedule types, by A1111's labels. */
export const schedulers = ['Automatic', 'Normal', 'Karras']

export const limits = {
  /** Pixels along a side. */
  side: { min: 64, max: 2048 },
  steps: { min: 1, max: 150 },
  cfg: { min: 0, max: 30 },
  maxSeed: 2n ** 64n - 1n,
}

/** Checks a request against its model before anything runs, and decodes its pictures. Throws `unsupported` or `invalid`. */
export async function checkRequest(request: GenerateRequest, model: ModelFolder): Promise<Painting> {
  refusePromptSyntax(request)
  if ((request.clipSkip ?? 1) > 1) throw noClipSkip(model)
  const sampler = chosenSampler(request)
  const steps = ranged('Steps', request.steps ?? 20, limits.steps)
  if (sampler.label === 'LCM') refuseManySteps(steps, model)
  const size = checkedSize(request, model)
  return {
    ...size,
    ...(await pictures(request, size)),
    prompt: request.prompt,
    negative: request.negative ?? '',
    seed: checkedSeed(request.seed ?? 0),
    steps,
    cfg: ranged('CFG scale', request.cfg ?? model.cfg ?? 7, limits.cfg),
    sampler,
    karras: isKarras(sampler, chosenScheduler(request, sampler), model.scheduler),
  }
}

function refusePromptSyntax({ prompt, negative = '' }: GenerateRequest): void {
  const refused = refusedSyntax(prompt) ?? refusedSyntax(negative)
  if (refused)
    throw unsupported(
      `The embedded engine does not understand ${refused.what} in a prompt ("${refused.text}")`,
      'Weights such as (red:1.2) and [red], and BREAK, are understood. Remove the rest or use a server.',
    )
}

function noClipSkip(model: ModelFolder): PlanographError {
  return unsupported(
    `${model.title} cannot skip layers of its text encoder (clip skip)`,
    'Set Clip skip to 1: ONNX models give out the last layer only.',
  )
}

function chosenSampler({ sampler: wanted = 'DPM++ 2M' }: GenerateRequest): Sampler {
  const { sampler: label } = splitSampler(wanted)
  const found = samplers.find((sampler) => sampler.label === label)
  if (found) return found
  const labels = samplers.map((sampler) => sampler.label).join(', ')
  throw unsupported(`The embedded engine has no sampler "${wanted}"`, `Choose one of ${labels}.`)
}

function chosenScheduler({ sampler = '', scheduler: wanted }: GenerateRequest, chosen: Sampler) {
  const label = wanted ?? splitSampler(sampler).scheduler ?? 'Automatic'
  const found = findScheduleType(label)
  if (!found || !schedulers.includes(found))
    throw unsupported(
      `The embedded engine has no schedule type "${label}"`,
      `Choose one of ${schedulers.join(', ')}.`,
    )
  if (found === 'Karras' && !chosen.karras)
    throw unsupported(
      `The sampler ${chosen.label} steps through the model's own timesteps and takes no Karras schedule`,
      'Set Schedule type to Automatic, or choose DPM++ 2M, Euler or Euler a.',
    )
  return found
}

function refuseManySteps(steps: number, { scheduler }: ModelFolder): void {
  const most = scheduler.original_inference_steps
  if (steps > most)
    throw unsupported(`LCM takes at most ${most} steps, not ${steps}`, 'Four to eight are usual.')
}

function checkedSize(request: GenerateRequest, model: ModelFolder): { width: number; height: number } {
  const width = request.width ?? model.width
  const height = request.height ?? model.height
  const { min, max } = limits.side
  for (const side of [width, height])
    if (!Number.isInteger(side) || side % model.multiple !== 0 || side < min || side > max)
      throw unsupported(
        `${model.title} cannot paint ${width}×${height} pixels`,
        `Both sides must be multiples of ${model.multiple}, from ${Math.ceil(min / model.multiple) * model.multiple} to ${max}. It was made for ${model.width}×${model.height}.`,
      )
  return { width, height }
}

function checkedSeed(seed: number | string): bigint {
  const text = String(seed)
  const value = /^\d+$/.test(text) ? BigInt(text) : -1n
  if (value < 0n || value > limits.maxSeed)
    throw new PlanographError('invalid', `${text} is not a seed.`, {
      code: 'seed',
      hint: 'A seed is a whole number from 0 to 18446744073709551615.',
    })
  return value
}

async function pictures(request: GenerateRequest, size: { width: number; height: number }) {
  if (request.kind === 'txt2img') return {}
  const picture = sized(await decodeRaster(needed(request.init, 'picture'), 3, 'picture'), size, 'picture')
  const init = { picture, denoise: ranged('Denoising strength', request.denoise ?? 0.75, { min: 0, max: 1 }) }
  if (request.kind === 'img2img') return { init }
  const mask = sized(await decodeRaster(needed(request.mask, 'mask'), 1, 'mask'), size, 'mask')
  return { init, mask: { mask, content: request.maskedContent ?? ('original' as const) } }
}

function needed<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value
  throw new PlanographError('invalid', `This kind of painting needs a ${name}.`, {
    hint: `Wire or load a ${name}.`,
  })
}

function sized(raster: Raster, { width, height }: { width: number; height: number }, name: string): Raster {
  if (raster.width === width && raster.height === height) return raster
  throw new PlanographError(
    'invalid',
    `The ${name} is ${raster.width}×${raster.height} pixels, but ${width}×${height} are to be painted.`,
    { hint: `Resize the ${name} first.` },
  )
}

function ranged(name: string, value: number, { min, max }: { min: number; max: number }): number {
  if (value >= min && value <= max && (name !== 'Steps' || Number.isInteger(value))) return value
  throw new PlanographError('invalid', `${name} is ${value}, but must be from ${min} to ${max}.`, {
    code: 'range',
  })
}

function unsupported(message: string, hint: string): PlanographError {
  return new PlanographError('unsupported', `${message}.`, { hint })
}
