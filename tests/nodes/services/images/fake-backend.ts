import type {
  Capabilities,
  GenerateRequest,
  ImageBackend,
  JobEvent,
  ModelInfo,
} from '../../../../nodes/services/images/backend.ts'
import { encode } from '../../../../nodes/services/pictures.ts'
import { PlanographError } from '../../../../runtime/errors.ts'

export interface FakeOptions {
  id?: string
  models?: (Partial<ModelInfo> & { name: string })[]
  samplers?: string[]
  schedulers?: string[]
  capabilities?: Partial<Capabilities>
  /** Throws this instead of answering. */
  down?: string
  /** Colour of what it paints; default: the seed's last byte as grey. */
  colour?: [number, number, number]
}

/** A Stable Diffusion server that paints one flat colour. `asked` holds every request it was sent. */
export function fakeBackend(options: FakeOptions = {}): ImageBackend & { asked: GenerateRequest[] } {
  const asked: GenerateRequest[] = []
  const { id = 'fake', models = [{ name: 'v1-5-pruned.safetensors' }] } = options
  const answering = <T>(value: T): Promise<T> =>
    options.down ? Promise.reject(new PlanographError('unreachable', options.down)) : Promise.resolve(value)
  return {
    id,
    title: `Server ${id}`,
    asked,
    probe: () => answering({ ...capabilities, ...options.capabilities }),
    models: () => answering(models.map((model) => ({ kind: 'checkpoint' as const, ...model }))),
    samplers: () =>
      answering({
        samplers: options.samplers ?? ['DPM++ 2M', 'Euler a', 'Euler', 'DDIM'],
        schedulers: options.schedulers ?? ['Automatic', 'Karras', 'SGM Uniform', 'Simple'],
      }),
    generate(request) {
      asked.push(request)
      return {
        id: request.id,
        cancel: async () => {},
        [Symbol.asyncIterator]: () => painting(request, options),
      }
    },
    close: async () => {},
  }
}

const capabilities: Capabilities = {
  kinds: new Set(['txt2img', 'img2img', 'inpaint']),
  lora: true,
  control: true,
  hires: true,
  negative: true,
  seed: true,
  maxSeed: 2n ** 32n - 1n,
  clipSkip: true,
  progress: 'poll',
  preview: true,
  cancel: 'global',
  size: { min: 64, max: 2048, multiple: 8 },
  inFlight: 1,
}

async function* painting(request: GenerateRequest, { colour }: FakeOptions): AsyncGenerator<JobEvent> {
  const { width = 64, height = 64, steps = 1, seed } = request
  yield { type: 'progress', step: steps, steps }
  const grey = Number(BigInt(seed ?? 0) % 256n)
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = colour?.[i % 3] ?? grey
  const bytes = await encode({ width, height, channels: 3, data })
  const image = { image: { bytes, mime: 'image/png' as const }, width, height, seed }
  yield { type: 'done', result: { image, model: { name: request.model }, notes: [] } }
}
