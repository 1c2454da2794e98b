import type { Resolved } from '../../../runtime/define-node.ts'
import type { BlobRef } from '../../../runtime/values.ts'
import type { Plan } from '../../kinds/plan.ts'
import type { GenerateRequest } from './backend.ts'
import type { Images } from './images.ts'
import type { Wanted } from './settle.ts'
import type { Size } from './sizes.ts'

/** What painting nodes read. Open choices are `auto` before they are made, and null where a backend takes none. */
export interface PaintValues {
  plan?: Plan
  prompt: string
  negative: string
  model: string | null
  backend: string | null
  sampler: string | null
  scheduler: string | null
  steps: number | null
  cfg: number | null
  width: number | null
  height: number | null
  count: number
  seed: number | string
  clipSkip: number
}

const autoFields = ['backend', 'model', 'sampler', 'scheduler', 'steps', 'cfg', 'width', 'height'] as const

/** A value that is set; undefined where the choice is open. */
export function known<T>(value: T | null | undefined): T | undefined {
  const anything: unknown = value
  return anything === 'auto' || value === null ? undefined : value
}

export function wantedOf(
  kind: GenerateRequest['kind'],
  values: Partial<PaintValues>,
  picture?: Size,
): Wanted {
  return {
    kind,
    backend: known(values.backend),
    model: known(values.model),
    sampler: known(values.sampler),
    scheduler: known(values.scheduler),
    steps: known(values.steps),
    cfg: known(values.cfg),
    width: known(values.width),
    height: known(values.height),
    negative: values.negative,
    clipSkip: values.clipSkip,
    picture,
  }
}

/** Makes the open choices of a painting node, for its `auto.resolve`. */
export async function resolveAuto(
  images: Images,
  kind: GenerateRequest['kind'],
  values: Partial<PaintValues>,
  picture?: Size,
): Promise<Resolved> {
  const { offer, model, values: settled, identity } = await images.resolve(wantedOf(kind, values, picture))
  const chosen = { ...settled, backend: offer.backend, model: model.name }
  const open = autoFields.filter((field) => known(values[field]) === undefined)
  return { values: Object.fromEntries(open.map((field) => [field, chosen[field]])), identity }
}

/** The size of a picture value, where it says one. */
export function sizeOf(image: BlobRef | undefined): Size | undefined {
  const { width, height } = image ?? {}
  return width && height ? { width, height } : undefined
}
