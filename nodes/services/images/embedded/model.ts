import { join } from 'node:path'
import { PlanographError } from '../../../../runtime/errors.ts'
import { type Engine, EngineError } from './engine.ts'
import { badFolder } from './folder-files.ts'
import type { Ports, Tensor } from './messages.ts'
import type { ModelFolder, PartName } from './model-folder.ts'
import { checkPorts, inputOf, outputOf } from './ports.ts'
import type { Tokenizer } from './tokenizer.ts'

/** A model's parts as functions on tensors. Parts are loaded when first called, anew after the child process died. */
export interface Model {
  readonly about: ModelFolder
  readonly tokenizer: Tokenizer
  /** Milliseconds spent in ONNX Runtime so far. */
  readonly onnxMs: number
  /** Loads parts ahead, to know early whether they fit. */
  load(parts: readonly PartName[], signal: AbortSignal): Promise<void>
  isLoaded(parts: readonly PartName[]): boolean
  /** Rows of token ids to hidden states [rows, tokens, width]. */
  encodeText(ids: readonly number[][], signal: AbortSignal): Promise<Tensor>
  /** What the UNet says of samples that share a timestep; one row of hidden states per sample. */
  predict(samples: Tensor, timestep: number, hidden: Tensor, signal: AbortSignal, guidance?: number): Promise<Tensor>
  /** Whether guidance is an input of the UNet, as in models distilled by LCM. */
  guided(): boolean
  /** Latents of unit scale to pixels in -1…1, [1, 3, height, width]. */
  decode(latents: Tensor, signal: AbortSignal): Promise<Tensor>
  /** Pixels in -1…1 to latents of unit scale. */
  encode(pixels: Tensor, signal: AbortSignal): Promise<Tensor>
  free(): Promise<void>
}

export function createModel(engine: Engine, about: ModelFolder, tokenizer: Tokenizer): Model {
  return new LoadedModel(engine, about, tokenizer)
}

class LoadedModel implements Model {
  readonly about: ModelFolder
  readonly tokenizer: Tokenizer
  onnxMs = 0
  private readonly engine: Engine
  private readonly ports = new Map<PartName, { generation: number; ports: Ports }>()

  constructor(engine: Engine, about: ModelFolder, tokenizer: Tokenizer) {
    this.engine = engine
    this.about = about
    this.tokenizer = tokenizer
  }

  isLoaded(parts: readonly PartName[]): boolean {
    return parts.every((part) => this.portsOf(part) !== undefined)
  }

  async load(parts: readonly PartName[], signal: AbortSignal): Promise<void> {
    for (const part of parts) if (!this.portsOf(part)) await this.loadPart(part, signal)
  }

  async encodeText(ids: readonly number[][], signal: AbortSignal): Promise<Tensor> {
    const rows = await Promise.all(
      ids.map((row) => this.run('text_encoder', { input_ids: tensor([1, row.length], Float32Array.from(row)) }, signal)),
    )
    return stacked(rows)
  }

  async predict(
    samples: Tensor,
    timestep: number,
    hidden: Tensor,
    signal: AbortSignal,
    guidance?: number,
  ): Promise<Tensor> {
    const rows = samples.dims[0] ?? 1
    const batch = this.portsOf('unet') && inputOf(this.mustPorts('unet'), 'sample')?.dims[0]
    if (rows > 1 && batch === 1) {
      const each = Array.from({ length: rows }, (_, row) => [rowOf(samples, row), rowOf(hidden, row)] as const)
      const outputs: Tensor[] = []
      for (const [sample, state] of each) outputs.push(await this.predict(sample, timestep, state, signal, guidance))
      return stacked(outputs)
    }
    const feeds: { [name: string]: Tensor } = {
      sample: samples,
      timestep: this.timestep(timestep),
      encoder_hidden_states: hidden,
    }
    const condition = this.guided() && inputOf(this.mustPorts('unet'), 'timestep_cond')?.dims[1]
    if (condition) feeds.timestep_cond = guidanceCode(guidance ?? 1, condition, rows)
    return this.run('unet', feeds, signal)
  }

  guided(): boolean {
    const ports = this.portsOf('unet')
    return ports !== undefined && inputOf(ports, 'timestep_cond') !== undefined
  }

  async decode(latents: Tensor, signal: AbortSignal): Promise<Tensor> {
    const { scalingFactor, shiftFactor } = this.about
    const data = latents.data.map((value) => value / scalingFactor + shiftFactor)
    return this.run('vae_decoder', { latent_sample: tensor(latents.dims, data) }, signal)
  }

  async encode(pixels: Tensor, signal: AbortSignal): Promise<Tensor> {
    const { scalingFactor, shiftFactor, latentChannels } = this.about
    const { dims, data } = await this.run('vae_encoder', { sample: pixels }, signal)
    const [, , height = 1, width = 1] = dims
    // Some exports give the mean and, behind it, the variance.
    const mean = data.slice(0, latentChannels * height * width)
    return tensor([1, latentChannels, height, width], mean.map((value) => (value - shiftFactor) * scalingFactor))
  }

  async free(): Promise<void> {
    const parts = [...this.ports.keys()].filter((part) => this.portsOf(part))
    this.ports.clear()
    await Promise.all(parts.map((part) => this.engine.free(this.key(part))))
  }

  private async loadPart(part: PartName, signal: AbortSignal): Promise<void> {
    const path = join(this.about.folder, part, 'model.onnx')
    const ports = await this.engine.load(this.key(part), path, signal).catch((error: unknown) => {
      throw error instanceof EngineError ? unreadable(this.about, part, error) : error
    })
    checkPorts(this.about, part, ports)
    this.ports.set(part, { generation: this.engine.generation, ports })
  }

  private async run(part: PartName, feeds: { [name: string]: Tensor }, signal: AbortSignal): Promise<Tensor> {
    await this.load([part], signal)
    const { outputs, ms } = await this.engine.run(this.key(part), feeds, signal).catch((error: unknown) => {
      throw error instanceof EngineError ? misfit(this.about, part, error) : error
    })
    this.onnxMs += ms
    const output = outputs[outputOf(part, this.mustPorts(part))?.name ?? '']
    if (!output) throw badFolder(this.about.folder, `${part}/model.onnx has no output`)
    return output
  }

  private key(part: PartName): string {
    return `${this.about.folder}/${part}`
  }

  private portsOf(part: PartName): Ports | undefined {
    const known = this.ports.get(part)
    return known?.generation === this.engine.generation && this.engine.pid !== undefined ? known.ports : undefined
  }

  private mustPorts(part: PartName): Ports {
    return this.portsOf(part) ?? { inputs: [], outputs: [] }
  }

  private timestep(value: number): Tensor {
    const scalar = inputOf(this.mustPorts('unet'), 'timestep')?.dims.length === 0
    return tensor(scalar ? [] : [1], Float32Array.of(value))
  }
}

export function tensor(dims: readonly number[], data: Float32Array): Tensor {
  return { dims, data }
}

/** Tensors of one row each, as one tensor. */
export function stacked(rows: readonly Tensor[]): Tensor {
  const [first] = rows
  if (!first || rows.length === 1) return first ?? tensor([0], new Float32Array())
  const data = new Float32Array(first.data.length * rows.length)
  for (const [index, row] of rows.entries()) data.set(row.data, index * first.data.length)
  return tensor([rows.length, ...first.dims.slice(1)], data)
}

export function rowOf({ dims, data }: Tensor, row: number): Tensor {
  const size = data.length / (dims[0] ?? 1)
  return tensor([1, ...dims.slice(1)], data.slice(row * size, (row + 1) * size))
}

/** Sines and cosines of the guidance (Luo et al., LCM, 2023; `get_guidance_scale_embedding` of diffusers). */
function guidanceCode(guidance: number, width: number, rows: number): Tensor {
  const half = Math.floor(width / 2)
  const code = new Float32Array(width)
  for (let i = 0; i < half; i++) {
    const angle = (guidance - 1) * 1000 * Math.exp((-Math.log(10_000) * i) / (half - 1))
    code[i] = Math.sin(angle)
    code[half + i] = Math.cos(angle)
  }
  return stacked(Array.from({ length: rows }, () => tensor([1, width], code)))
}

function unreadable(model: ModelFolder, part: PartName, error: EngineError): PlanographError {
  if (/bad_alloc|allocat/i.test(error.message)) return noMemory(part)
  return badFolder(model.folder, `${part}/model.onnx could not be loaded (${error.message})`)
}

function misfit(model: ModelFolder, part: PartName, error: EngineError): PlanographError {
  if (/bad_alloc|Failed to allocate/i.test(error.message)) return noMemory(part)
  return badFolder(
    model.folder,
    `${part}/model.onnx failed on the size asked for (${error.message})`,
    'Try the size the model was made for; if that fails too, its parts do not belong together.',
  )
}

function noMemory(part: PartName): PlanographError {
  return new PlanographError('out-of-memory', `There was not enough memory to run the ${part}.`, {
    hint: 'Take a smaller size or a smaller model, or close other programs.',
  })
}
