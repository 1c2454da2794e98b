import { z } from 'zod'
import { type Infotext, parseInfotext } from './infotext.ts'

/** A text that a picture carries or a person pasted: A1111's infotext and those who borrow its place. Never throws. */
export function readInfotext(text: string): Infotext {
  return readSwarm(text) ?? parseInfotext(text)
}

/** From a picture's texts by keyword: `parameters` (A1111 and its kin) or NovelAI's. Undefined when it says nothing. */
export function infotextOfTexts(texts: Readonly<Record<string, string>>): Infotext | undefined {
  const { parameters } = texts
  if (parameters !== undefined && parameters.trim() !== '') return readInfotext(parameters)
  return texts.Software === 'NovelAI' ? readNovelAi(texts) : undefined
}

const Scalar = z.union([z.string(), z.number(), z.boolean()])
const SwarmText = z.object({ sui_image_params: z.record(z.string(), z.unknown()) })

/** SwarmUI's names, where A1111 has a label for the same thing. */
const swarmLabels: Readonly<Record<string, string>> = {
  steps: 'Steps',
  sampler: 'Sampler',
  scheduler: 'Schedule type',
  cfgscale: 'CFG scale',
  seed: 'Seed',
  model: 'Model',
  vae: 'VAE',
  variationseed: 'Variation seed',
  variationseedstrength: 'Variation seed strength',
  initimagecreativity: 'Denoising strength',
  swarm_version: 'Version',
}

/** SwarmUI: the whole text is JSON with `sui_image_params` (SwarmUI, docs/Image Metadata Format.md). */
function readSwarm(text: string): Infotext | undefined {
  const parsed = SwarmText.safeParse(jsonOf(text))
  if (!parsed.success) return undefined
  const { prompt, negativeprompt, width, height, clipstopatlayer, ...rest } = parsed.data.sui_image_params
  const parameters = Object.entries(rest).map(([name, value]): [string, string] => [
    swarmLabels[name] ?? name,
    plain(value),
  ])
  if (width && height) parameters.push(['Size', `${plain(width)}x${plain(height)}`])
  if (typeof clipstopatlayer === 'number') parameters.push(['Clip skip', String(Math.abs(clipstopatlayer))])
  return {
    prompt: plain(prompt),
    negative: plain(negativeprompt),
    parameters: Object.fromEntries(parameters),
  }
}

const NovelAiComment = z.looseObject({
  prompt: z.string().optional(),
  uc: z.string().optional(),
  steps: Scalar.optional(),
  sampler: Scalar.optional(),
  noise_schedule: Scalar.optional(),
  scale: Scalar.optional(),
  seed: Scalar.optional(),
  strength: Scalar.optional(),
  width: Scalar.optional(),
  height: Scalar.optional(),
})

/** NovelAI: keyword `Comment` holds JSON, `Description` the prompt (A1111, modules/images.py, read_info_from_image). */
function readNovelAi(texts: Readonly<Record<string, string>>): Infotext | undefined {
  const parsed = NovelAiComment.safeParse(jsonOf(texts.Comment ?? ''))
  if (!parsed.success) return undefined
  const { prompt, uc, steps, sampler, noise_schedule, scale, seed, strength, width, height } = parsed.data
  const labelled = {
    Steps: steps,
    Sampler: sampler,
    'Schedule type': noise_schedule,
    'CFG scale': scale,
    Seed: seed,
    Size: width && height ? `${width}x${height}` : undefined,
    'Denoising strength': strength,
    Model: texts.Source,
  }
  const parameters = Object.entries(labelled).flatMap(([label, value]) =>
    value === undefined ? [] : [[label, String(value)]],
  )
  return {
    prompt: texts.Description ?? prompt ?? '',
    negative: uc ?? '',
    parameters: Object.fromEntries(parameters),
  }
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return ''
  const scalar = Scalar.safeParse(value)
  return scalar.success ? String(scalar.data) : JSON.stringify(value)
}

function jsonOf(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}
