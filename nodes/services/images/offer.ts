import type { Capabilities, ImageBackend, ModelInfo } from './backend.ts'
import { demoFamily, type Family, familyOf, fileName } from './families.ts'

/** What one backend has to offer, as choices are made from it and plans are checked against it. */
export interface Offer {
  backend: string
  title: string
  capabilities: Capabilities
  /** Checkpoints. */
  models: ModelInfo[]
  /** A1111's labels. Empty: the backend takes no sampler, schedule type, steps or CFG scale. */
  samplers: string[]
  schedulers: string[]
}

/** Asks a backend what it has. Throws `unreachable` or `auth`. */
export async function offerOf(backend: ImageBackend, signal?: AbortSignal): Promise<Offer> {
  const capabilities = await backend.probe(signal)
  const [models, { samplers, schedulers }] = await Promise.all([
    backend.models('checkpoint'),
    backend.samplers(),
  ])
  return { backend: backend.id, title: backend.title, capabilities, models, samplers, schedulers }
}

const stem = (name: string) => fileName(name).replace(/\.(safetensors|ckpt|gguf|pt|onnx)$/i, '')

/** Whether a name that a person or a picture gives means this model: name, file, stem, title or sha256 (8 digits do). */
export function isNamed(model: Pick<ModelInfo, 'name' | 'title' | 'sha256'>, name: string): boolean {
  const wanted = name.trim().toLowerCase()
  if (/^[0-9a-f]{8,64}$/.test(wanted) && model.sha256?.startsWith(wanted)) return true
  const names = [model.name, fileName(model.name), stem(model.name), model.title ?? model.name]
  return names.some((known) => known.toLowerCase() === wanted || known.toLowerCase() === stem(wanted))
}

export const isDemo = (model: ModelInfo, table?: readonly Family[]) =>
  familyOf(model, table).id === demoFamily

/** What a model is, wherever it lies: its sha256, else its file name without folder. Never the backend. */
export const identityOf = (model: ModelInfo) => model.sha256 ?? fileName(model.name)

/** "a, b and c"; of many only the first. */
export function listed(names: readonly string[], most = 8): string {
  if (names.length === 0) return 'nothing'
  const shown = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : [...names]
  const last = shown.pop() ?? ''
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}
