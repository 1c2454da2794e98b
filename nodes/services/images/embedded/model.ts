import { join } from 'node:path'
import { type Engine, EngineError } from './engine.ts'
import { badFolder } from './folder-files.ts'
import type { Ports, Tensor } from './messages.ts'
import type { ModelFolder, PartName } from './model-folder.ts'
import { misfit, unreadable } from './part-errors.ts'
import { checkPorts, inputOf, outputOf } from './ports.ts'
import { rowOf, stacked, tensor } from './tensors.ts'
import type { Tokenizer } from './tokenizer.ts'

/** What the UNet is asked: samples that share a timestep, with one row of hidden states each. */
export interface Question {
  samples: Tensor
  timestep: number
  hidden: Tensor
  /** CFG scale, for models that take it as an input. */
  guidance: number
}

/** A model's parts as functions on tensors. Parts are loaded when first called, anew after the child process died. */
export class Model {
  readonly about: ModelFolder
  readonly tokenizer: Tokenizer
  /** Milliseconds spent in ONNX Runtime so far. */
  onnxMs = 0
  private readonly engine: Engine
  private readonly parts = new Map<PartName, { generation: number; ports: Ports }>()

  private readonly name: string

  /** `key` names its sessions in the child, so no two models may share one. */
  constructor(from: { engine: Engine; about: ModelFolder; tokenizer: Tokenizer; key: string }) {
    this.engine = from.engine
    this.about = from.about
    this.tokenizer = from.tokenizer
    this.name = from.key
  }

  isLoaded(parts: readonly PartName[]): boolean {
    return parts.every((part) => this.loaded(part) !== undefined)
  }

  /** Loads parts ahead. Throws `invalid` or `unsupported` naming a part that is not what it should be. */
  async load(parts: readonly PartName[], signal: AbortSignal): Promise<void> {
    for (const part of parts) await this.ports(part, signal)
  }

  /** Rows of token ids to hidden states [rows, tokens, width]. */
  async encodeText(ids: readonly number[][], signal: AbortSignal): Promise<Tensor> {
    const rows: Tensor[] = []
    for (const row of ids)
      rows.push(
        await this.run(
          'text_encoder',
          { input_ids: tensor([1, row.length], Float32Array.from(row)) },
          signal,
        ),
      )
    return stacked(rows)
  }

  /** Whether guidance is an input of the UNet, as in models distilled by LCM, so that no second row is needed. */
  isGuided(): boolean {
    const ports = this.loaded('unet')
    return ports !== undefined && inputOf(ports, 'timestep_cond') !== undefined
  }

  /** The UNet's output for each sample. */
  async predict(question: Question, signal: AbortSignal): Promise<Tensor> {
    const ports = await this.ports('unet', signal)
    const rows = question.samples.dims[0] ?? 1
    if (rows > 1 && inputOf(ports, 'sample')?.dims[0] === 1) return this.predictEach(question, rows, signal)
    const scalar = inputOf(ports, 'timestep')?.dims.length === 0
    const width = inputOf(ports, 'timestep_cond')?.dims[1]
    const feeds = {
      sample: question.samples,
      timestep: tensor(scalar ? [] : [1], Float32Array.of(question.timestep)),
      encoder_hidden_states: question.hidden,
      ...(width ? { timestep_cond: guidanceCode(question.guidance, width, rows) } : {}),
    }
    return this.run('unet', feeds, signal)
  }

  /** Latents of unit scale to pixels in -1…1, [1, 3, height, width]. */
  async decode(latents: Tensor, signal: AbortSignal): Promise<Tensor> {
    const { scalingFactor, shiftFactor } = this.about
    const data = latents.data.map((value) => value / scalingFactor + shiftFactor)
    return this.run('vae_decoder', { latent_sample: tensor(latents.dims, data) }, signal)
  }

  /** Pixels in -1…1 to latents of unit scale. */
  async encode(pixels: Tensor, signal: AbortSignal): Promise<Tensor> {
    const { scalingFactor, shiftFactor, latentChannels } = this.about
    const { dims, data } = await this.run('vae_encoder', { sample: pixels }, signal)
    const [, , height = 1, width = 1] = dims
    // Some exports give the mean and, behind it, the variance.
    const mean = data.slice(0, latentChannels * height * width)
    return tensor(
      [1, latentChannels, height, width],
      mean.map((value) => (value - shiftFactor) * scalingFactor),
    )
  }

  async free(): Promise<void> {
    const parts = [...this.parts.keys()].filter((part) => this.loaded(part))
    this.parts.clear()
    await Promise.all(parts.map((part) => this.engine.free(this.key(part))))
  }

  /** For models exported with a batch of one. */
  private async predictEach(
    { samples, hidden, ...rest }: Question,
    rows: number,
    signal: AbortSignal,
  ): Promise<Tensor> {
    const outputs: Tensor[] = []
    for (let row = 0; row < rows; row++)
      outputs.push(
        await this.predict({ samples: rowOf(samples, row), hidden: rowOf(hidden, row), ...rest }, signal),
      )
    return stacked(outputs)
  }

  private async run(part: PartName, feeds: { [name: string]: Tensor }, signal: AbortSignal): Promise<Tensor> {
    const ports = await this.ports(part, signal)
    const { outputs, ms } = await this.engine.run(this.key(part), feeds, signal).catch((error: unknown) => {
      throw error instanceof EngineError ? misfit(this.about, part, error) : error
    })
    this.onnxMs += ms
    const output = outputs[outputOf(part, ports)?.name ?? '']
    if (!output) throw badFolder(this.about.folder, `${part}/model.onnx has no output`)
    return output
  }

  /** The part's inputs and outputs, loading it if it is not. */
  private async ports(part: PartName, signal: AbortSignal): Promise<Ports> {
    const known = this.loaded(part)
    if (known) return known
    const path = join(this.about.folder, part, 'model.onnx')
    const ports = await this.engine.load(this.key(part), path, signal).catch((error: unknown) => {
      throw error instanceof EngineError ? unreadable(this.about, part, error) : error
    })
    checkPorts(this.about, part, ports)
    this.parts.set(part, { generation: this.engine.generation, ports })
    return ports
  }

  private loaded(part: PartName): Ports | undefined {
    const known = this.parts.get(part)
    return known?.generation === this.engine.generation && this.engine.pid !== undefined
      ? known.ports
      : undefined
  }

  private key(part: PartName): string {
    return `${this.name} ${part}`
  }
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
