import { PlanographError } from '../../../runtime/errors.ts'
import type { GenerateRequest, ImageBackend, Job, ModelInfo } from './backend.ts'
import { chooseModel, type WantedModel } from './choose-model.ts'
import { type Family, familyOf } from './families.ts'
import { identityOf, type Offer } from './offer.ts'
import { type Refusal, refusals, type Settled, settle, type Wanted } from './settle.ts'

/** A backend and model for what is wanted, with every open choice made. */
export interface Chosen {
  offer: Offer
  model: ModelInfo
  family: Family
  values: Settled
  /** sha256 of the model, else its file name without folder. */
  identity: string
}

/** The image backends that nodes render with, behind one door. */
export interface Images {
  readonly backends: readonly ImageBackend[]
  /**
   * Decides where and how to paint. Throws `invalid` for names that are not there (naming what is), `unsupported` for
   * what the backend cannot do, and what the backend's own probe throws.
   */
  resolve(wanted: Wanted, signal?: AbortSignal): Promise<Chosen>
  /** All that the backend cannot do as wanted, for planners; throws only when no backend or model fits. */
  refusals(wanted: Wanted, signal?: AbortSignal): Promise<Refusal[]>
  /** The row of the table of families for a model. */
  family(model: ModelInfo): Family
  /** Paints one picture on a backend that `resolve` named. */
  generate(backend: string, request: GenerateRequest, signal?: AbortSignal): Job
  close(): Promise<void>
}

export interface ImagesOptions {
  /** In the order they are preferred. */
  backends: readonly ImageBackend[]
  /** Table of model families; absent: the one that ships. */
  families?: readonly Family[]
}

export function createImages({ backends, families }: ImagesOptions): Images {
  const find = (wanted: WantedModel, signal?: AbortSignal) => chooseModel(backends, wanted, families, signal)
  return {
    backends,
    async resolve(wanted, signal) {
      const { offer, model } = await find(wanted, signal)
      const wrong = refusals(wanted, offer, model, families)
      if (wrong.length > 0) throw refused(wrong)
      const family = familyOf(model, families)
      const values = settle(wanted, offer, family)
      return { offer, model, family, values, identity: identityOf(model) }
    },
    async refusals(wanted, signal) {
      const { offer, model } = await find(wanted, signal)
      return refusals(wanted, offer, model, families)
    },
    family: (model) => familyOf(model, families),
    generate(id, request, signal) {
      const backend = backends.find((backend) => backend.id === id)
      if (!backend)
        throw new PlanographError('invalid', `There is no backend "${id}".`, { code: 'unknown-backend' })
      return backend.generate(request, signal)
    },
    async close() {
      await Promise.all(backends.map((backend) => backend.close()))
    },
  }
}

function refused(wrong: readonly Refusal[]): PlanographError {
  const [first] = wrong
  const message = wrong.map((refusal) => refusal.message).join(' ')
  return new PlanographError(first?.class ?? 'invalid', message, {
    code: first?.field,
    hint: first?.hint,
    details: { fields: wrong.map(({ field }) => field) },
  })
}
