import type { Vocabulary } from '../../kinds/vocabulary.ts'

/** One interface for every Stable Diffusion server and for the embedded engine. */

/** Encoded picture. */
export interface EncodedImage {
  bytes: Uint8Array
  mime: 'image/png' | 'image/jpeg' | 'image/webp'
}

/** A model as a backend names it. Its identity is `sha256`, else the file name without folder; never the backend. */
export interface ModelRef {
  name: string
  sha256?: string
}

export interface ModelInfo extends ModelRef {
  kind: 'checkpoint' | 'lora' | 'vae' | 'embedding' | 'controlnet' | 'upscaler'
  title?: string
  /** Row of the table of model families: `demo`, `sd15`, `sdxl`, `turbo`, `flux`… */
  family?: string
  /** The content of the model's `vocabulary.json`: a model of few words says which, so that planners keep to them. */
  vocabulary?: Vocabulary
}

export interface Capabilities {
  kinds: ReadonlySet<'txt2img' | 'img2img' | 'inpaint' | 'upscale'>
  lora: boolean
  control: boolean
  hires: boolean
  negative: boolean
  seed: boolean
  /** Largest seed, inclusive. */
  maxSeed: bigint
  clipSkip: boolean
  progress: 'none' | 'poll' | 'push'
  preview: boolean
  cancel: 'none' | 'global' | 'job'
  /** Sizes it takes, in pixels; with `fixed`, only that one. */
  size: { min: number; max: number; multiple: number; fixed?: [number, number] }
  /** Requests in flight at once. */
  inFlight: number
}

/** Parameters are absent where the backend does not take them; a backend refuses what it cannot do, it drops nothing. */
export interface GenerateRequest {
  kind: 'txt2img' | 'img2img' | 'inpaint'
  /** Idempotency key: a job with the same key is joined, not started twice. */
  id: string
  model: string
  prompt: string
  negative?: string
  /** 0…2^64−1; beyond 2^53 as a decimal string. */
  seed?: number | string
  steps?: number
  cfg?: number
  sampler?: string
  scheduler?: string
  width?: number
  height?: number
  clipSkip?: number
  /** Initial picture, already of width × height. */
  init?: EncodedImage
  /** 0…1. */
  denoise?: number
  /** Greyscale, of the picture's size, white = repaint. */
  mask?: EncodedImage
  maskedContent?: 'original' | 'fill' | 'noise' | 'nothing'
}

export interface GeneratedImage {
  image: EncodedImage
  width: number
  height: number
  /** Seed this very picture was made with. */
  seed?: number | string
}

/** Facts that a person should see with the picture: words the model does not know, and the like. */
export interface GenerateResult {
  image: GeneratedImage
  model: ModelRef
  notes: string[]
}

export type JobEvent =
  | { type: 'queued'; position?: number }
  | { type: 'loading'; model: string }
  | { type: 'progress'; step: number; steps: number }
  | { type: 'preview'; image: EncodedImage }
  | { type: 'done'; result: GenerateResult }

/** A running job: one picture. Iterating throws `PlanographError` when it fails or is cancelled. */
export interface Job extends AsyncIterable<JobEvent> {
  readonly id: string
  cancel(): Promise<void>
}

export interface ImageBackend {
  readonly id: string
  readonly title: string
  /** Who it is and what it can do. Throws `unreachable` or `auth`. */
  probe(signal?: AbortSignal): Promise<Capabilities>
  models(kind?: ModelInfo['kind']): Promise<ModelInfo[]>
  /** A1111's labels. */
  samplers(): Promise<{ samplers: string[]; schedulers: string[] }>
  generate(request: GenerateRequest, signal?: AbortSignal): Job
  close(): Promise<void>
}
