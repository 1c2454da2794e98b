import type { Intent, Plan } from '../../kinds/plan.ts'
import type { ModelInfo } from '../images/backend.ts'
import type { Images } from '../images/images.ts'
import type { Offer } from '../images/offer.ts'
import { settle } from '../images/settle.ts'
import { sizeLimits } from '../images/sizes.ts'
import type { Checkpoint, PlanFacts } from './facts.ts'

export interface Asked {
  request: string
  intent: Intent
  /** Id of a backend; absent: the one that `auto` takes. */
  backend?: string
  picture?: PlanFacts['picture']
  previous?: Plan
  feedback?: string[]
}

/** What a planner may know. Throws where no backend or checkpoint could paint what is planned. */
export async function gatherFacts(images: Images, asked: Asked, signal?: AbortSignal): Promise<PlanFacts> {
  const { offer, model } = await images.resolve({ kind: asked.intent, backend: asked.backend }, signal)
  const models = [model, ...offer.models.filter(({ name }) => name !== model.name)]
  return {
    request: asked.request,
    intent: asked.intent,
    backend: { id: offer.backend, title: offer.title },
    models: models.map((each) => checkpoint(images, offer, each, asked)),
    samplers: offer.samplers,
    schedulers: offer.schedulers,
    negative: offer.capabilities.negative,
    picture: asked.picture,
    previous: asked.previous,
    feedback: asked.feedback ?? [],
  }
}

function checkpoint(images: Images, offer: Offer, model: ModelInfo, { picture, intent }: Asked): Checkpoint {
  const family = images.family(model)
  const follows = intent === 'img2img' ? picture : undefined
  return {
    name: model.name,
    title: model.title,
    family,
    size: sizeLimits(offer.capabilities, family),
    suggested: settle({ picture: follows }, offer, family),
    vocabulary: model.vocabulary,
  }
}
