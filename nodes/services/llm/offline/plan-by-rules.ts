import type { PlanAnswer, PlanFacts } from '../facts.ts'
import { advise } from './advise.ts'
import { offerAlternatives } from './choose-alternatives.ts'
import { chooseNegative } from './choose-negative.ts'
import {
  type Choosing,
  checkpointOf,
  chooseCount,
  chooseDenoise,
  chooseGuidance,
  chooseModel,
  chooseSampler,
  chooseSteps,
} from './choose-parameters.ts'
import { chooseSize } from './choose-size.ts'
import { takeDials } from './dials.ts'
import { draftOf, emptyPlan } from './draft.ts'
import { type Change, readChange } from './read-changes.ts'
import { readWish } from './read-wish.ts'
import { scan } from './scanner.ts'
import { type Reading, writePrompt } from './write-prompt.ts'

/** A wish as rules read it. Turns ("warmer") are read before strengths ("a bit"), which they may hold. */
export function read(text: string): Reading {
  const scanner = scan(text)
  const dials = takeDials(scanner)
  const wish = readWish(scanner.rest)
  const gone = wish.avoid.map((what): Change => ({ do: 'remove', what }))
  return { wish, dials, changes: [...wish.scene.map(readChange), ...gone] }
}

/** A first plan by rules alone: the same facts give the same plan. */
export function planByRules(facts: PlanFacts): PlanAnswer {
  const editing = facts.intent !== 'txt2img'
  const reading = editing ? read(facts.request) : plainly(facts.request)
  const { wish } = reading
  const model = checkpointOf(facts, wish.model) ?? facts.models[0]
  if (!model) throw new RangeError('a plan needs at least one checkpoint')
  const draft = draftOf({ ...emptyPlan, intent: facts.intent })
  const choosing: Choosing = { draft, facts, wish, model }
  const base = facts.intent === 'img2img' ? facts.picture?.prompt : undefined
  const { prompt, reason, warnings } = writePrompt(reading, model, base)
  draft.set('prompt', prompt, reason)
  draft.warn(...warnings)
  if (facts.intent === 'img2img' && base === undefined)
    draft.warn(
      'These rules cannot see your picture, and it does not say how it was made. Name what is in it, or the prompt misses it.',
    )
  chooseModel(choosing)
  chooseSampler(choosing)
  chooseSteps(choosing)
  chooseGuidance(choosing)
  chooseNegative(choosing, removals(reading))
  chooseSize(choosing)
  chooseDenoise(choosing)
  chooseCount(choosing)
  offerAlternatives(choosing)
  return { ...draft.plan, advice: advise(choosing) }
}

/** A wish for a new picture describes; it orders no changes. */
function plainly(text: string): Reading {
  const wish = readWish(text)
  return { wish, dials: [], changes: wish.scene.map((what) => ({ do: 'say', what })) }
}

/** What is to go. "It" names nothing that a prompt could hold. */
export function removals({ changes }: Reading): string[] {
  const gone = changes.flatMap((change) =>
    change.do === 'remove' ? [change.what] : change.do === 'swap' ? [change.from] : [],
  )
  return gone.filter((what) => !/^(?:it|this|that|them|everything|thing)$/i.test(what))
}
