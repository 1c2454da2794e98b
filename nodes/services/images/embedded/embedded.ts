import { basename } from 'node:path'
import { PlanographError } from '../../../../runtime/errors.ts'
import type { Capabilities, EncodedImage, GenerateRequest, ImageBackend, Job, ModelInfo } from '../backend.ts'
import { checkRequest, limits, schedulers } from './check-request.ts'
import { createEngine, type Engine, type EngineOptions } from './engine.ts'
import { createIdentify } from './identity.ts'
import { EventJob } from './job.ts'
import type { Memory, Tensor } from './messages.ts'
import { type ModelFolder, readModelFolder } from './model-folder.ts'
import { type Painting, paint, partsFor } from './paint.ts'
import { encodePng } from './pixels.ts'
import { estimatePreview, refinedPreview } from './preview.ts'
import { createPreviewer } from './previewer.ts'
import { samplers } from './samplers.ts'
import { type Opened, Shelf } from './shelf.ts'
import { notesOn } from './words.ts'

export interface EmbeddedOptions extends EngineOptions {
  /** Model folders in the ONNX layout of diffusers. A model's name is its folder's. */
  models: readonly string[]
}

/** The engine as a backend, with what a benchmark wants to know of it. */
export interface EmbeddedBackend extends ImageBackend {
  /** Milliseconds of the last painting, and how many of them were spent in ONNX Runtime. */
  readonly lastTimes: { total: number; onnx: number } | undefined
  /** Of the child process; undefined while none runs. */
  memory(): Promise<Memory | undefined>
  readonly childPid: number | undefined
}

/**
 * Stable Diffusion in this program, over ONNX Runtime in a child process. Nothing is started or read before the first
 * job. Pictures are painted one after the other, and the same request gives the same bytes on the same machine.
 */
export function createEmbedded(options: EmbeddedOptions): EmbeddedBackend {
  return new Embedded(options)
}

class Embedded implements EmbeddedBackend {
  readonly id = 'embedded'
  readonly title = 'Embedded engine'
  lastTimes: { total: number; onnx: number } | undefined
  private readonly folders: readonly string[]
  private readonly engine: Engine
  private readonly identify = createIdentify()
  private readonly shelf: Shelf
  private readonly running = new Map<string, EventJob>()
  private queue: Promise<void> = Promise.resolve()

  constructor(options: EmbeddedOptions) {
    this.folders = options.models
    this.engine = createEngine(options)
    this.shelf = new Shelf(this.engine, this.identify)
  }

  get childPid(): number | undefined {
    return this.engine.pid
  }

  memory(): Promise<Memory | undefined> {
    return this.engine.memory()
  }

  async probe(): Promise<Capabilities> {
    const models = await this.readable()
    return {
      kinds: new Set(['txt2img', 'img2img', 'inpaint']),
      lora: false,
      control: false,
      hires: false,
      negative: true,
      seed: true,
      maxSeed: limits.maxSeed,
      clipSkip: false,
      progress: 'push',
      preview: true,
      cancel: 'job',
      size: { ...limits.side, multiple: Math.max(8, ...models.map(({ multiple }) => multiple)) },
      inFlight: 1,
    }
  }

  async models(kind: ModelInfo['kind'] = 'checkpoint'): Promise<ModelInfo[]> {
    if (kind !== 'checkpoint') return []
    const models = await this.readable()
    return Promise.all(
      models.map(async ({ folder, name, title, family, vocabulary }) => {
        return {
          name,
          title,
          family,
          vocabulary,
          kind: 'checkpoint' as const,
          sha256: await this.identify(folder),
        }
      }),
    )
  }

  async samplers(): Promise<{ samplers: string[]; schedulers: string[] }> {
    return { samplers: samplers.map(({ label }) => label), schedulers }
  }

  generate(request: GenerateRequest, signal?: AbortSignal): Job {
    const same = this.running.get(request.id)
    if (same && !same.isOver) return same
    const job = new EventJob(request.id)
    this.running.set(request.id, job)
    job.emit({ type: 'queued', position: this.running.size - 1 })
    const abort = () => job.cancel()
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    this.queue = this.queue
      .then(() => this.work(job, request))
      .catch((error: unknown) => job.fail(error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        if (this.running.get(request.id) === job) this.running.delete(request.id)
        signal?.removeEventListener('abort', abort)
      })
    return job
  }

  async close(): Promise<void> {
    for (const job of this.running.values()) await job.cancel()
    await this.engine.stop()
  }

  private async work(job: EventJob, request: GenerateRequest): Promise<void> {
    if (job.signal.aborted) return
    const folder = await readModelFolder(this.folderOf(request.model))
    const painting = await checkRequest(request, folder)
    const notes = notesOn(folder, request)
    const opened = await this.shelf.open(folder)
    const image = await this.paint(job, painting, opened)
    const { width, height } = painting
    job.emit({
      type: 'done',
      result: {
        image: { image, width, height, seed: request.seed ?? 0 },
        model: { name: folder.name, sha256: opened.identity },
        notes,
      },
    })
  }

  private async paint(job: EventJob, painting: Painting, opened: Opened): Promise<EncodedImage> {
    const { model } = opened
    const [start, before] = [performance.now(), model.onnxMs]
    if (!model.isLoaded(partsFor(painting))) job.emit({ type: 'loading', model: model.about.name })
    await model.load(partsFor(painting), job.signal)
    opened.preview ??= await estimatePreview(model, job.signal)
    const show = createPreviewer(opened.preview, painting, (image) => job.emit({ type: 'preview', image }))
    const onStep = (step: number, steps: number, predicted: Tensor) => {
      job.emit({ type: 'progress', step, steps })
      if (step < steps) show(predicted)
    }
    const { picture, latents } = await paint(model, painting, { signal: job.signal, onStep })
    const image = await encodePng(picture)
    this.lastTimes = { total: performance.now() - start, onnx: model.onnxMs - before }
    opened.preview = refinedPreview(opened.preview, latents, picture)
    return image
  }

  private folderOf(name: string): string {
    const folder = this.folders.find((path) => basename(path) === name)
    if (folder) return folder
    const names = this.folders.map((path) => basename(path)).join(', ')
    throw new PlanographError('invalid', `The embedded engine has no model "${name}".`, {
      code: 'model-missing',
      hint: names ? `It has ${names}.` : 'Name a model folder in the configuration.',
    })
  }

  /** The folders that hold a usable model; the others are named when a job asks for them. */
  private async readable(): Promise<ModelFolder[]> {
    const read = await Promise.allSettled(this.folders.map(readModelFolder))
    return read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  }
}
