import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type {
  EncodedImage,
  GenerateRequest,
  GenerateResult,
  ImageBackend,
  JobEvent,
} from '../../nodes/services/images/backend.ts'
import { writeRandomModel } from './random-model.ts'
import type { RandomModel } from './random-shapes.ts'

/** Folders of random models in a temporary folder, by name. */
export async function temporaryModels<N extends string>(models: Record<N, RandomModel>) {
  const root = await mkdtemp(join(tmpdir(), 'planograph-models-'))
  const folders = Object.entries<RandomModel>(models).map(([name, options]) => ({
    path: join(root, name),
    options,
  }))
  await Promise.all(folders.map(({ path, options }) => writeRandomModel(path, options)))
  return {
    root,
    folders: folders.map(({ path }) => path),
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

let jobs = 0

/** A request for the tiny model with the rest filled in. */
export function request(some: Partial<GenerateRequest> = {}): GenerateRequest {
  const base = { kind: 'txt2img' as const, model: 'tiny', prompt: 'a red house', seed: 5, steps: 4, cfg: 3 }
  return { id: `job-${++jobs}`, sampler: 'DDIM', ...base, ...some }
}

/** Runs a job to its end. */
export async function paintOnce(
  backend: ImageBackend,
  some: Partial<GenerateRequest> = {},
): Promise<{ result: GenerateResult; events: JobEvent[] }> {
  const events: JobEvent[] = []
  for await (const event of backend.generate(request(some))) {
    events.push(event)
    if (event.type === 'done') return { result: event.result, events }
  }
  throw new Error('the job ended without a picture')
}

/** RGB of a picture, pixel by pixel. */
export async function pixelsOf(
  image: EncodedImage,
): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { data, info } = await sharp(image.bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

/** A PNG of three colours (RGB) or one (grey) per pixel. */
export async function png(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly number[],
): Promise<EncodedImage> {
  const pixels = Array.from({ length: width * height }, (_, i) => colour(i % width, Math.floor(i / width)))
  const channels = pixels[0]?.length === 1 ? 1 : 3
  const bytes = await sharp(Uint8Array.from(pixels.flat()), { raw: { width, height, channels } })
    .png()
    .toBuffer()
  return { bytes: new Uint8Array(bytes), mime: 'image/png' }
}

export function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length
}
