import { PlanographError } from '../../../runtime/errors.ts'
import type { GenerateRequest, ImageBackend, ModelInfo } from './backend.ts'
import type { Family } from './families.ts'
import { isDemo, isNamed, listed, type Offer, offerOf } from './offer.ts'

export interface WantedModel {
  kind?: GenerateRequest['kind']
  /** Id of a backend; absent: any. */
  backend?: string
  /** Name of a checkpoint; absent: any. */
  model?: string
}

interface Found {
  offer: Offer
  model: ModelInfo
}

const intentTitles = { txt2img: 'text to image', img2img: 'image to image', inpaint: 'inpainting' } as const

/**
 * The backend and checkpoint for what is wanted, backends in the order they are configured. The demo model serves only
 * when it or its backend is named, or when no other backend is configured: it never stands in for a server that is down.
 */
export async function chooseModel(
  backends: readonly ImageBackend[],
  wanted: WantedModel,
  table?: readonly Family[],
  signal?: AbortSignal,
): Promise<Found> {
  const asked = candidates(backends, wanted.backend)
  const answers = await Promise.allSettled(asked.map((backend) => offerOf(backend, signal)))
  const offers = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  const able = offers.filter(({ capabilities }) => !wanted.kind || capabilities.kinds.has(wanted.kind))
  const found = wanted.model === undefined ? open(able, asked.length === 1, table) : named(able, wanted.model)
  if (found) return found
  const down = answers.find((answer) => answer.status === 'rejected')
  if (down) throw down.reason
  throw able.length === 0 ? unable(offers, wanted) : unknownModel(able, wanted.model)
}

function candidates(backends: readonly ImageBackend[], id: string | undefined): readonly ImageBackend[] {
  if (backends.length === 0)
    throw new PlanographError('unsupported', 'No image backend is configured.', {
      code: 'no-backend',
      hint: 'Add a Stable Diffusion server, or use the embedded engine.',
    })
  if (id === undefined) return backends
  const found = backends.filter((backend) => backend.id === id)
  if (found.length > 0) return found
  throw new PlanographError(
    'invalid',
    `There is no backend "${id}". There is ${listed(backends.map((b) => b.id))}.`,
    {
      code: 'unknown-backend',
      hint: 'Choose one of these, or leave the backend on auto.',
    },
  )
}

function open(offers: readonly Offer[], demoServes: boolean, table?: readonly Family[]): Found | undefined {
  for (const offer of offers) {
    const model = offer.models.find((model) => !isDemo(model, table))
    if (model) return { offer, model }
  }
  const [offer] = offers
  const demo = demoServes ? offer?.models[0] : undefined
  return offer && demo ? { offer, model: demo } : undefined
}

function named(offers: readonly Offer[], name: string): Found | undefined {
  for (const offer of offers) {
    const model = offer.models.find((model) => isNamed(model, name))
    if (model) return { offer, model }
  }
  return undefined
}

function unable(offers: readonly Offer[], { kind }: WantedModel): PlanographError {
  const what = kind ? intentTitles[kind] : 'this'
  return new PlanographError(
    'unsupported',
    `${listed(offers.map(({ title }) => title))} cannot do ${what}.`,
    {
      code: 'intent',
      hint: 'Choose another backend.',
    },
  )
}

function unknownModel(offers: readonly Offer[], name: string | undefined): PlanographError {
  const models = offers.flatMap((offer) => offer.models.map((model) => model.name))
  const where = listed(offers.map(({ title }) => title))
  if (name === undefined)
    return new PlanographError(
      'unsupported',
      `${where} has no checkpoint to paint with unless one is named.`,
      {
        code: 'no-model',
        hint: `Put a checkpoint on the server, or name one of ${listed(models)}.`,
      },
    )
  return new PlanographError(
    'invalid',
    `There is no checkpoint "${name}" at ${where}. There is ${listed(models)}.`,
    {
      code: 'unknown-model',
      hint: 'Choose one of these, or leave the checkpoint on auto.',
    },
  )
}
