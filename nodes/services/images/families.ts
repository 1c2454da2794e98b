import { z } from 'zod'
import type { ModelInfo } from './backend.ts'

/** A family of models: what suits them when a person leaves a choice open. Data, so that a table can be edited. */
export const Family = z.object({
  id: z.string(),
  title: z.string(),
  /** Pieces of a file name or title, lower case, that give a member away. The first row that fits wins. */
  names: z.array(z.string()).readonly(),
  /** Pixels it was trained on. */
  width: z.int(),
  height: z.int(),
  /** It paints at this size and no other. */
  fixedSize: z.boolean().optional(),
  steps: z.int(),
  /** Fewest and most steps that make sense. */
  stepRange: z.tuple([z.int(), z.int()]).readonly(),
  /** Classifier-free guidance. Around 1, a negative prompt has no effect. */
  cfg: z.number(),
  cfgRange: z.tuple([z.number(), z.number()]).readonly(),
  /** Distilled guidance, where the family has it. */
  guidance: z.number().optional(),
  /** A1111's labels, best first; the first that the backend has is taken. */
  samplers: z.array(z.string()).readonly(),
  schedulers: z.array(z.string()).readonly(),
  /** How prompts are written for it: plain sentences, comma-separated tags, or the words of a small vocabulary. */
  prompts: z.enum(['sentence', 'tags', 'vocabulary']),
  /** Why these values, for people: ends the sentence "… because". */
  why: z.string(),
})
export type Family = z.infer<typeof Family>

/** The demo model's row: the model that ships with the program. */
export const demoFamily = 'demo'

/** Fits whatever is known by nothing else: what A1111 people start with. */
export const fallbackFamily: Family = {
  id: 'other',
  title: 'Unknown family',
  names: [],
  width: 512,
  height: 512,
  steps: 20,
  stepRange: [8, 60],
  cfg: 7,
  cfgRange: [2, 12],
  samplers: ['DPM++ 2M', 'Euler a', 'Euler', 'DDIM'],
  schedulers: ['Karras', 'Automatic'],
  prompts: 'tags',
  why: 'its family is not known, so these are the values most Stable Diffusion models are at ease with',
}

const few: Family = {
  ...fallbackFamily,
  stepRange: [4, 8],
  cfgRange: [1, 2],
  samplers: ['Euler a', 'Euler', 'DPM++ SDE'],
  schedulers: ['SGM Uniform', 'Automatic'],
}

/** Special ones before the general ones they are made from. */
export const families: readonly Family[] = [
  {
    ...fallbackFamily,
    id: demoFamily,
    title: 'Demo model (256 px)',
    names: ['planograph-demo'],
    width: 256,
    height: 256,
    fixedSize: true,
    steps: 20,
    stepRange: [10, 50],
    cfg: 3,
    cfgRange: [1, 6],
    samplers: ['DDIM', 'DPM++ 2M', 'Euler'],
    schedulers: ['Automatic'],
    prompts: 'vocabulary',
    why: 'the demo model was trained on 256×256 pictures and overdoes its colours when guided harder than about 3',
  },
  {
    ...few,
    id: 'flux-schnell',
    title: 'Flux schnell',
    names: ['schnell'],
    width: 1024,
    height: 1024,
    steps: 4,
    stepRange: [1, 8],
    cfg: 1,
    cfgRange: [1, 1],
    samplers: ['Euler'],
    schedulers: ['Simple', 'Automatic'],
    prompts: 'sentence',
    why: 'schnell is distilled to finish in four steps without guidance',
  },
  {
    ...few,
    id: 'flux',
    title: 'Flux',
    names: ['flux'],
    width: 1024,
    height: 1024,
    steps: 20,
    stepRange: [12, 50],
    cfg: 1,
    cfgRange: [1, 1],
    guidance: 3.5,
    samplers: ['Euler'],
    schedulers: ['Simple', 'Automatic'],
    prompts: 'sentence',
    why: 'Flux has its guidance (3.5) built in, so the CFG scale stays at 1',
  },
  {
    ...few,
    id: 'sdxl-lightning',
    title: 'SDXL Lightning',
    names: ['lightning', 'hyper-sdxl', 'hyper_sdxl'],
    width: 1024,
    height: 1024,
    steps: 6,
    cfg: 1.5,
    why: 'Lightning models are distilled to finish in 4 to 8 steps with almost no guidance',
  },
  {
    ...few,
    id: 'lcm-sdxl',
    title: 'LCM of SDXL',
    names: ['lcm-sdxl', 'lcm_sdxl', 'lcmxl', 'sdxl-lcm', 'sdxl_lcm'],
    width: 1024,
    height: 1024,
    steps: 6,
    cfg: 1.5,
    samplers: ['LCM', 'Euler a'],
    why: 'latent consistency models finish in 4 to 8 steps with almost no guidance',
  },
  {
    ...few,
    id: 'lcm',
    title: 'LCM',
    names: ['lcm'],
    width: 512,
    height: 512,
    steps: 6,
    cfg: 1.5,
    samplers: ['LCM', 'Euler a'],
    why: 'latent consistency models finish in 4 to 8 steps with almost no guidance',
  },
  {
    ...few,
    id: 'turbo',
    title: 'Turbo',
    names: ['turbo'],
    width: 512,
    height: 512,
    steps: 4,
    stepRange: [1, 8],
    cfg: 1,
    why: 'Turbo models are distilled to finish in a few steps without guidance, at 512×512',
  },
  {
    ...fallbackFamily,
    id: 'sd3',
    title: 'Stable Diffusion 3',
    names: ['sd3', 'stable-diffusion-3'],
    width: 1024,
    height: 1024,
    steps: 28,
    cfg: 4.5,
    samplers: ['DPM++ 2M', 'Euler'],
    schedulers: ['SGM Uniform', 'Simple', 'Automatic'],
    prompts: 'sentence',
    why: 'Stable Diffusion 3 was made for about a megapixel and moderate guidance',
  },
  {
    ...fallbackFamily,
    id: 'sdxl',
    title: 'Stable Diffusion XL',
    names: [
      'sdxl',
      'sd_xl',
      'sd-xl',
      'stable-diffusion-xl',
      'pony',
      'illustrious',
      'noobai',
      'animagine',
      'xl',
    ],
    width: 1024,
    height: 1024,
    steps: 25,
    cfg: 6,
    why: 'SDXL was trained at about a megapixel and wants a little less guidance than older models',
  },
  {
    ...fallbackFamily,
    id: 'sd2-768',
    title: 'Stable Diffusion 2 (768)',
    names: ['v2-1_768', '768-v-ema', '768-ema', 'stable-diffusion-2-1'],
    width: 768,
    height: 768,
    why: 'this line of Stable Diffusion 2 was trained on 768×768 pictures',
  },
  {
    ...fallbackFamily,
    id: 'sd2',
    title: 'Stable Diffusion 2',
    names: ['v2-1', 'v2-0', 'stable-diffusion-2', 'sd2'],
    why: 'Stable Diffusion 2 was trained on 512×512 pictures',
  },
  {
    ...fallbackFamily,
    id: 'sd15',
    title: 'Stable Diffusion 1.5',
    names: [
      'v1-5',
      'v1-4',
      'sd15',
      'sd-15',
      'sd1.5',
      'sd-1.5',
      'sd_1.5',
      'stable-diffusion-v1',
      'stable-diffusion-1',
      'sd1',
    ],
    why: 'Stable Diffusion 1.5 was trained on 512×512 pictures; larger ones tend to repeat the subject',
  },
]

const nameOf = (model: Pick<ModelInfo, 'name' | 'title'>) =>
  `${fileName(model.name)} ${model.title ?? ''}`.toLowerCase()

/** A short piece must end its word: "xl" is in "juggernautXL_v9" and not in "pixlr". */
function holds(name: string, piece: string): boolean {
  if (piece.length > 3) return name.includes(piece)
  return new RegExp(`${piece}(?![a-z])`).test(name)
}

/** A path as backends list it, without its folder. */
export function fileName(name: string): string {
  return name.split(/[\\/]/).at(-1) ?? name
}

/** The row for a model: what the backend says of its family, else what its name gives away, else the fallback. */
export function familyOf(
  model: Pick<ModelInfo, 'name' | 'title' | 'family'>,
  table: readonly Family[] = families,
): Family {
  const told = table.find((family) => family.id === model.family)
  if (told) return told
  const name = nameOf(model)
  return table.find((family) => family.names.some((piece) => holds(name, piece))) ?? fallbackFamily
}
