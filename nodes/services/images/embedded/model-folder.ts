import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { PlanographError } from '../../../../runtime/errors.ts'
import { Vocabulary } from '../../../kinds/vocabulary.ts'
import { badFolder, exists, jsonIn, requiredJson } from './folder-files.ts'
import { SchedulerConfig } from './scheduler-config.ts'

export const partNames = ['text_encoder', 'unet', 'vae_encoder', 'vae_decoder'] as const
export type PartName = (typeof partNames)[number]

/** What a model folder says about itself, checked, before any weights are loaded. */
export interface ModelFolder {
  folder: string
  /** The folder's own name. */
  name: string
  title: string
  family: string
  latentChannels: number
  /** Pixels per latent, along one side. */
  factor: number
  /** Pixels: sides must be multiples of it. */
  multiple: number
  /** Pixels: what it was trained on. */
  width: number
  height: number
  scalingFactor: number
  shiftFactor: number
  /** Guidance its maker recommends. */
  cfg?: number
  /** Most tokens at once, the ones at begin and end included. */
  maxTokens?: number
  scheduler: SchedulerConfig
  vocabulary?: Vocabulary
}

const Index = z.looseObject({
  _class_name: z.string(),
  planograph: z
    .object({
      name: z.string().optional(),
      width: z.int().positive().optional(),
      height: z.int().positive().optional(),
      cfg_scale: z.number().optional(),
    })
    .optional(),
})
type Index = z.infer<typeof Index>

const UnetConfig = z.object({
  in_channels: z.int().positive().default(4),
  sample_size: z.union([z.int().positive(), z.tuple([z.int().positive(), z.int().positive()])]).default(64),
  block_out_channels: z.array(z.int()).min(1).default([320, 640, 1280, 1280]),
  cross_attention_dim: z.union([z.int(), z.array(z.int())]).default(768),
})

const VaeConfig = z.object({
  latent_channels: z.int().positive().default(4),
  block_out_channels: z.array(z.int()).min(1).default([128, 256, 512, 512]),
  scaling_factor: z.number().default(0.18215),
  shift_factor: z.number().nullish(),
})

const TextConfig = z.object({ max_position_embeddings: z.int().positive().optional() })

/** Throws `invalid` for a folder with missing or foreign parts, `unsupported` for a kind of model it cannot run. */
export async function readModelFolder(path: string): Promise<ModelFolder> {
  const folder = resolve(path)
  if (!(await exists(folder))) throw missingFolder(folder)
  const index = await requiredJson(folder, 'model_index.json', Index)
  refuseForeignKinds(folder, index)
  for (const part of partNames)
    if (!(await exists(join(folder, part, 'model.onnx'))))
      throw badFolder(folder, `${part}/model.onnx is missing`)
  const unet = await configOf(folder, 'unet', UnetConfig)
  const vae = await configOf(folder, 'vae_decoder', VaeConfig)
  if (unet.in_channels !== vae.latent_channels)
    throw foreignChannels(folder, unet.in_channels, vae.latent_channels)
  const text = await configOf(folder, 'text_encoder', TextConfig)
  const scheduler = await requiredJson(folder, 'scheduler/scheduler_config.json', SchedulerConfig)
  const vocabulary = await jsonIn(folder, 'vocabulary.json', Vocabulary)
  return {
    ...sizes(index, unet, vae),
    ...names(folder, index, unet, scheduler, vocabulary),
    folder,
    latentChannels: vae.latent_channels,
    scalingFactor: vae.scaling_factor,
    shiftFactor: vae.shift_factor ?? 0,
    cfg: index.planograph?.cfg_scale,
    maxTokens: text.max_position_embeddings,
    scheduler,
    vocabulary,
  }
}

async function configOf<T>(folder: string, part: PartName, shape: z.ZodType<T>): Promise<T> {
  return (await jsonIn(folder, `${part}/config.json`, shape)) ?? shape.parse({})
}

function sizes(index: Index, unet: z.infer<typeof UnetConfig>, vae: z.infer<typeof VaeConfig>) {
  const factor = 2 ** (vae.block_out_channels.length - 1)
  const [rows, columns] =
    typeof unet.sample_size === 'number' ? [unet.sample_size, unet.sample_size] : unet.sample_size
  return {
    factor,
    multiple: factor * 2 ** (unet.block_out_channels.length - 1),
    width: index.planograph?.width ?? columns * factor,
    height: index.planograph?.height ?? rows * factor,
  }
}

function names(
  folder: string,
  index: Index,
  unet: z.infer<typeof UnetConfig>,
  scheduler: SchedulerConfig,
  vocabulary: Vocabulary | undefined,
) {
  const name = basename(folder)
  const family = vocabulary ? 'demo' : familyBy(name, unet.cross_attention_dim === 1024, scheduler)
  return { name, title: index.planograph?.name ?? name, family }
}

/** Rows of the table of families. Only the second Stable Diffusion reads text 1024 wide. */
function familyBy(name: string, second: boolean, scheduler: SchedulerConfig): string {
  if (/turbo/i.test(name)) return 'turbo'
  if (/lcm/i.test(name) || scheduler._class_name === 'LCMScheduler') return 'lcm'
  if (!second) return 'sd15'
  return scheduler.prediction_type === 'v_prediction' ? 'sd2-768' : 'sd2'
}

function missingFolder(folder: string): PlanographError {
  return new PlanographError('invalid', `There is no model folder ${folder}.`, {
    code: 'model-missing',
    hint: 'Check the path, or choose another model.',
  })
}

/** Kinds of pipelines with parts that this engine does not have, told apart by what only they contain. */
function refuseForeignKinds(folder: string, index: Index): void {
  const kind = index._class_name
  const foreign =
    'text_encoder_3' in index || 'transformer' in index
      ? 'a transformer model such as Flux or SD 3'
      : 'text_encoder_2' in index || kind.includes('XL')
        ? 'an SDXL model (it has text_encoder_2)'
        : kind.includes('StableDiffusion') || kind.includes('LatentConsistency')
          ? undefined
          : `a ${kind}`
  if (!foreign) return
  throw new PlanographError('unsupported', `The embedded engine cannot run ${folder}: it is ${foreign}.`, {
    code: 'model-kind',
    hint: 'It runs Stable Diffusion 1.x, 2.x, Turbo and LCM models in the ONNX layout of diffusers. Use a server for this one.',
  })
}

function foreignChannels(folder: string, unet: number, vae: number): PlanographError {
  if (unet === 2 * vae + 1)
    return new PlanographError(
      'unsupported',
      `The embedded engine cannot run ${folder}: it is a model for inpainting only.`,
      {
        code: 'model-kind',
        hint: 'Any ordinary Stable Diffusion model can inpaint here.',
      },
    )
  return badFolder(
    folder,
    `unet takes ${unet} latent channels, but vae_decoder has ${vae}: the parts are of different models`,
  )
}
