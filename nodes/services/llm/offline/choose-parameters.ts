import { list } from '../../../../runtime/wording.ts'
import { isNamed } from '../../images/offer.ts'
import type { Checkpoint, PlanFacts } from '../facts.ts'
import type { Draft } from './draft.ts'
import type { Wish } from './read-wish.ts'

/** What the choices are made from. */
export interface Choosing {
  draft: Draft
  facts: PlanFacts
  wish: Wish
  model: Checkpoint
}

export const titleOf = (model: Checkpoint) => model.title ?? model.name
export const clamp = (value: number, [least, most]: readonly [number, number]) =>
  Math.min(most, Math.max(least, value))
const sameLabel = (label: string) => (other: string) => other.toLowerCase() === label.toLowerCase()

/** The checkpoint that the wish names, else the first. */
export function checkpointOf({ models }: PlanFacts, name: string | undefined): Checkpoint | undefined {
  return name === undefined ? models[0] : models.find((model) => isNamed(model, name))
}

export function chooseModel({ draft, facts, wish, model }: Choosing) {
  const { title } = facts.backend
  if (wish.model && checkpointOf(facts, wish.model) === undefined)
    draft.warn(`${title} has no checkpoint "${wish.model}": ${titleOf(model)} is planned instead.`)
  const reason =
    facts.models.length === 1
      ? `The only checkpoint that ${title} has.`
      : wish.model && checkpointOf(facts, wish.model)
        ? 'You named it.'
        : `The first of the ${facts.models.length} checkpoints that ${title} lists; the wish names none.`
  draft.set('model', model.name, reason)
}

export function chooseSampler({ draft, facts, wish, model }: Choosing) {
  const { sampler, scheduler } = model.suggested
  const wished = wish.sampler && facts.samplers.find(sameLabel(wish.sampler))
  const schedule = wish.scheduler && facts.schedulers.find(sameLabel(wish.scheduler))
  if (wish.sampler && !wished) draft.warn(missing(facts, 'sampler', wish.sampler, facts.samplers))
  if (wish.scheduler && !schedule)
    draft.warn(missing(facts, 'schedule type', wish.scheduler, facts.schedulers))
  if (sampler !== null)
    draft.set('sampler', wished ?? sampler, wished ? 'You named it.' : samplerReason(sampler, model))
  if (scheduler !== null) chooseSchedule({ draft, facts, wish, model }, schedule)
}

/** Samplers that step through the model's own timesteps, in A1111 as in the embedded engine. */
const ownSchedule: readonly string[] = ['DDIM', 'DDIM CFG++', 'PLMS', 'UniPC', 'LCM']

function chooseSchedule({ draft, facts, model }: Choosing, wished: string | undefined) {
  const { sampler } = draft.plan
  const { scheduler: suggested, sampler: usual } = model.suggested
  const automatic = facts.schedulers.find(sameLabel('Automatic'))
  const own = sampler !== null && ownSchedule.includes(sampler) && automatic !== undefined
  if (wished && own && wished !== automatic)
    draft.warn(`${sampler} goes through the checkpoint's own schedule and takes no ${wished}.`)
  if (wished && !own) return draft.set('scheduler', wished, 'You named it.')
  const schedule = own || sampler !== usual ? (automatic ?? suggested) : suggested
  if (schedule !== null) draft.set('scheduler', schedule, scheduleReason(schedule))
}

function missing({ backend }: PlanFacts, what: string, name: string, there: readonly string[]): string {
  return `${backend.title} has no ${what} "${name}". It has ${list(there.slice(0, 12))}.`
}

function samplerReason(sampler: string, { family }: Checkpoint): string {
  const known: Readonly<Record<string, string>> = {
    'DPM++ 2M': 'It converges in about 20 steps and gives the same picture for the same seed.',
    DDIM: 'A plain, deterministic sampler: same seed, same picture, and small changes of the prompt stay small.',
    Euler: 'The simplest deterministic sampler; right where few steps or no guidance are wanted.',
    'Euler a':
      'It works in few steps. It adds fresh noise at each step, so more steps also change the picture.',
    LCM: 'Made for latent consistency models, which finish in a handful of steps.',
  }
  const first =
    family.samplers[0] === sampler
      ? ''
      : ` (first choice for ${family.title} would be ${family.samplers[0]}, which is not there)`
  return `${known[sampler] ?? `What ${family.title} goes with here.`}${first}`
}

function scheduleReason(scheduler: string): string {
  if (scheduler === 'Karras')
    return 'It spends more of the steps on the fine end, which makes details cleaner at 20 steps.'
  if (scheduler === 'Automatic') return 'The schedule the sampler and the checkpoint were made with.'
  return 'What this family was distilled or trained with.'
}

export function chooseSteps({ draft, wish, model: { family, suggested } }: Choosing) {
  if (suggested.steps === null) return
  const { quality } = wish
  const [least, most] = family.stepRange
  if (wish.steps !== undefined) return askedSteps(draft, wish.steps, family)
  const steps = Math.round(clamp(suggested.steps * (quality?.steps ?? 1), family.stepRange))
  const usual = `${suggested.steps} is usual for ${family.title}`
  if (!quality)
    return draft.set('steps', steps, `${usual}: enough for a clean picture, and more changes little.`)
  const limit = steps === least || steps === most ? ` (it makes sense between ${least} and ${most})` : ''
  const why = quality.id === 'quick' ? 'fewer are faster and rougher' : 'the last steps work on fine detail'
  draft.set('steps', steps, `You said "${quality.said}": ${usual}, ${why}${limit}.`)
}

function askedSteps(draft: Draft, asked: number, { title, stepRange }: Checkpoint['family']) {
  const steps = clamp(asked, [1, 150])
  draft.set('steps', steps, `You asked for ${asked}.`)
  if (steps !== asked) draft.warn(`${asked} steps are outside 1 to 150: ${steps} are planned.`)
  else if (steps > stepRange[1])
    draft.warn(`More than ${stepRange[1]} steps take time and show little with ${title}.`)
  else if (steps < stepRange[0])
    draft.warn(`Fewer than ${stepRange[0]} steps leave pictures of ${title} unfinished.`)
}

export function chooseGuidance({ draft, wish, model: { family, suggested } }: Choosing) {
  if (suggested.cfg === null) return
  if (wish.cfg !== undefined) {
    const cfg = clamp(wish.cfg, [0, 30])
    draft.set('cfg', cfg, `You asked for ${wish.cfg}.`)
    if (cfg > family.cfgRange[1])
      draft.warn(`Above CFG ${family.cfgRange[1]}, pictures of ${family.title} overdo colour and contrast.`)
    return
  }
  const style = wish.styles.find(({ cfg }) => cfg !== 0)
  const cfg = style ? clamp(suggested.cfg + style.cfg, family.cfgRange) : suggested.cfg
  const usual = `${suggested.cfg} is usual for ${family.title}`
  const lower = `${usual}; a little less looks more like a ${style?.id}.`
  draft.set('cfg', cfg, cfg === suggested.cfg ? `${usual}: ${guidance(family)}.` : lower)
}

function guidance({ cfgRange: [, most], prompts, why }: Checkpoint['family']): string {
  return most <= 2 || prompts === 'vocabulary'
    ? why
    : 'the prompt is followed, and colour and contrast are not overdone'
}

/** Denoising strength of an edit: where 0 keeps the picture and 1 paints a new one. */
export function chooseDenoise({ draft, facts, wish }: Choosing) {
  if (facts.intent === 'txt2img') return
  const { strength } = wish
  const usual = facts.intent === 'inpaint' ? 0.75 : 0.6
  if (wish.denoise !== undefined)
    return draft.set('denoise', clamp(wish.denoise, [0, 1]), `You asked for ${wish.denoise}.`)
  if (strength)
    return draft.set('denoise', strength.denoise, `You said "${strength.said}": ${effects[strength.id]}.`)
  const reason =
    facts.intent === 'inpaint'
      ? 'Inside the mask much may change, while what shines through still guides shape and light.'
      : 'Halfway: the composition stays recognisable and the prompt can change style, light and things.'
  draft.set('denoise', usual, reason)
}

const effects = {
  hardly: 'only texture and fine detail are repainted',
  slightly: 'composition and shapes stay, colours and surfaces follow the prompt',
  clearly: 'the rough layout stays, most things are repainted',
  completely: 'little more than the rough distribution of light is kept',
} as const

export function chooseCount({ draft, wish, facts }: Choosing) {
  const { count, seed } = wish
  const one = 'One to begin with. When the plan is right, raise it: picture i has the seed plus i.'
  draft.set(
    'count',
    count?.count ?? 1,
    count ? `You asked for ${count.said}: same plan, one seed each.` : one,
  )
  if (seed !== undefined)
    draft.warn(
      `A plan holds no seed: set ${seed} in the ${facts.intent === 'txt2img' ? 'Text to image' : 'painting'} node.`,
    )
}
