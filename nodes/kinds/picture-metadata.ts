import type { Infotext } from './infotext.ts'

/** How a picture was made, in our words. What has no word of ours is in `more`, by A1111's label. */
export interface PictureMetadata {
  prompt: string
  negative: string
  steps?: number
  sampler?: string
  scheduler?: string
  cfg?: number
  /** Beyond 2^53 as a decimal string, digit for digit. */
  seed?: number | string
  width?: number
  height?: number
  modelHash?: string
  model?: string
  denoise?: number
  clipSkip?: number
  more?: Record<string, string>
}

/** A1111's order of writing; what is not named here comes after, `Version` and `User` last. */
const order = [
  'Steps',
  'Sampler',
  'Schedule type',
  'CFG scale',
  'Image CFG scale',
  'Seed',
  'Face restoration',
  'Size',
  'Model hash',
  'Model',
  'VAE hash',
  'VAE',
  'Variation seed',
  'Variation seed strength',
  'Seed resize from',
  'Denoising strength',
  'Conditional mask weight',
  'Clip skip',
  'ENSD',
  'Token merging ratio',
  'Init image hash',
  'RNG',
  'Tiling',
]
const last = ['Version', 'User']

/** Other programs' labels for the same: SD.Next's, and those of older versions. */
const aliases: Readonly<Record<string, string>> = {
  Scheduler: 'Schedule type',
  'CLiP-skip': 'Clip skip',
  'Clip Skip': 'Clip skip',
}

/** As A1111 would write it. Absent values are left out, and so is clip skip 1, its default. */
export function infotextOf(metadata: PictureMetadata): Infotext {
  const { prompt, negative, width, height, clipSkip = 1, more = {} } = metadata
  const labelled: Record<string, string | number | undefined> = {
    ...more,
    Steps: metadata.steps,
    Sampler: metadata.sampler,
    'Schedule type': metadata.scheduler,
    'CFG scale': metadata.cfg,
    Seed: metadata.seed,
    Size: width && height ? `${width}x${height}` : undefined,
    'Model hash': metadata.modelHash,
    Model: metadata.model,
    'Denoising strength': metadata.denoise,
    'Clip skip': clipSkip > 1 ? clipSkip : undefined,
  }
  const pairs = Object.entries(labelled).flatMap(([label, value]): [string, string][] => {
    const kept = value ?? more[label]
    return kept === undefined ? [] : [[label, String(kept)]]
  })
  return { prompt, negative, parameters: Object.fromEntries(pairs.sort(([a], [b]) => rank(a) - rank(b))) }
}

/** Our reading of an infotext of any dialect. A value that is not what its label promises stays in `more`. */
export function metadataOf({ prompt, negative, parameters }: Infotext): PictureMetadata {
  const rest = new Map(
    Object.entries(parameters).map(([label, value]) => [aliasOf(label, parameters), value]),
  )
  const take = <T>(label: string, read: (text: string) => T | undefined): T | undefined => {
    const value = rest.get(label)
    const taken = value === undefined ? undefined : read(value)
    if (taken !== undefined) rest.delete(label)
    return taken
  }
  const size = take('Size', readSize)
  const found: PictureMetadata = {
    prompt,
    negative,
    steps: take('Steps', readWhole),
    sampler: take('Sampler', readText),
    scheduler: take('Schedule type', readText),
    cfg: take('CFG scale', readNumber),
    seed: take('Seed', readSeed),
    width: size?.width,
    height: size?.height,
    modelHash: take('Model hash', readText),
    model: take('Model', readText),
    denoise: take('Denoising strength', readNumber),
    clipSkip: take('Clip skip', readWhole),
  }
  return withoutGaps({ ...found, more: rest.size > 0 ? Object.fromEntries(rest) : undefined })
}

const aliasOf = (label: string, parameters: Record<string, string>) => {
  const alias = aliases[label]
  return alias && !Object.hasOwn(parameters, alias) ? alias : label
}

function rank(label: string): number {
  const first = order.indexOf(label)
  if (first >= 0) return first
  const end = last.indexOf(label)
  return end < 0 ? order.length : order.length + 1 + end
}

const readText = (text: string) => text || undefined
const readWhole = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined)
const readNumber = (text: string) => (/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text) ? Number(text) : undefined)

function readSeed(text: string): number | string | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined
  return Number.isSafeInteger(Number(text)) ? Number(text) : text
}

function readSize(text: string) {
  const match = /^(\d{1,6})x(\d{1,6})$/.exec(text)
  return match ? { width: Number(match[1]), height: Number(match[2]) } : undefined
}

function withoutGaps(metadata: PictureMetadata): PictureMetadata {
  const { prompt, negative, ...rest } = metadata
  const kept = Object.entries(rest).filter(([, value]) => value !== undefined)
  return { prompt, negative, ...Object.fromEntries(kept) }
}
