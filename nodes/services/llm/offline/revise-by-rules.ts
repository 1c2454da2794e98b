import { list, quoted } from '../../../../runtime/wording.ts'
import type { Plan } from '../../../kinds/plan.ts'
import { type PlanParameter, parameterLabels, planParameters } from '../../../kinds/plan.ts'
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
import { draftOf } from './draft.ts'
import { read, removals } from './plan-by-rules.ts'
import { turnDial } from './turn-dial.ts'
import { type Reading, writePrompt } from './write-prompt.ts'

/** The plan before, changed as the last feedback asks, and nothing else. Reasons say what changed and why. */
export function reviseByRules(facts: PlanFacts, previous: Plan): PlanAnswer {
  const feedback = facts.feedback.at(-1) ?? ''
  const reading = read(feedback)
  const { wish } = reading
  const named = wish.model === undefined ? undefined : checkpointOf(facts, wish.model)
  const model = named ?? checkpointOf(facts, previous.model ?? undefined) ?? facts.models[0]
  if (!model) throw new RangeError('a plan needs at least one checkpoint')
  const draft = draftOf({ ...previous, intent: facts.intent })
  const choosing: Choosing = { draft, facts, wish, model }
  if (wish.model) chooseModel(choosing)
  if (named) bringValues(choosing)
  rewrite(choosing, reading, previous)
  setWished(choosing)
  for (const dial of reading.dials) turnDial(choosing, dial)
  changeNegative(choosing, reading, previous)
  const changed = compare(draft.plan, previous)
  if (changed.length === 0) draft.warn(...unchanged(feedback, reading, draft.plan.warnings))
  keepReasons(choosing, previous, changed)
  offerAlternatives(choosing)
  return { ...draft.plan, advice: `${told(changed)} ${advise(choosing)}` }
}

/** Another checkpoint brings its own values along. */
function bringValues(choosing: Choosing) {
  chooseSampler(choosing)
  chooseSteps(choosing)
  chooseGuidance(choosing)
  chooseSize(choosing)
}

function rewrite({ draft, model }: Choosing, reading: Reading, previous: Plan) {
  const { wish, changes, dials } = reading
  const says = changes.length > 0 || dials.some(({ prompt }) => prompt !== undefined)
  if (!says && wish.styles.length === 0 && wish.quality === undefined) return
  const { prompt, warnings } = writePrompt(reading, model, previous.prompt)
  draft.warn(...warnings)
  if (prompt === previous.prompt) return
  const asked = [
    ...dials.flatMap(({ prompt, said }) => (prompt ? [said] : [])),
    ...wish.styles.map(({ said }) => said),
    ...wish.scene,
    ...wish.avoid.map((word) => `no ${word}`),
  ]
  draft.set('prompt', prompt, `You asked for ${quoted(asked)}. Before: "${previous.prompt}".`)
}

function setWished(choosing: Choosing) {
  const { wish, draft, facts } = choosing
  const before = { ...draft.plan }
  if (wish.steps !== undefined || wish.quality) chooseSteps(choosing)
  if (wish.cfg !== undefined) chooseGuidance(choosing)
  if (wish.sampler || wish.scheduler) chooseNamed(choosing, before)
  if (wish.size || wish.format) chooseSize(choosing)
  if (facts.intent !== 'txt2img' && (wish.denoise !== undefined || wish.strength)) chooseDenoise(choosing)
  if (wish.count || wish.seed !== undefined) chooseCount(choosing)
  if (!wish.count) draft.plan.count = before.count
}

/** Naming a sampler leaves the schedule type as it was, and the other way round. */
function chooseNamed(choosing: Choosing, before: PlanAnswer) {
  const { wish, draft } = choosing
  chooseSampler(choosing)
  if (!wish.sampler) draft.plan.sampler = before.sampler
  if (!wish.scheduler) draft.plan.scheduler = before.scheduler
}

function changeNegative(choosing: Choosing, reading: Reading, previous: Plan) {
  const unwanted = [...new Set([...reading.wish.avoid, ...removals(reading)])]
  if (unwanted.length === 0) return
  const before = (previous.negative ?? '').split(',').map((part) => part.trim())
  const { draft, model } = choosing
  chooseNegative(choosing, removals(reading))
  if (!draft.plan.negative) return
  const known = draft.plan.negative.split(', ').filter((part) => model.vocabulary || unwanted.includes(part))
  const merged = [...new Set([...known, ...before])].filter((part) => part !== '')
  draft.set('negative', merged.join(', '), `You do not want ${list(unwanted, 'or')}; the rest stays.`)
}

function compare(plan: PlanAnswer, previous: Plan): PlanParameter[] {
  return planParameters.filter((parameter) => plan[parameter] !== previous[parameter])
}

/** What did not change keeps its reason, whatever was considered on the way. */
function keepReasons({ draft }: Choosing, previous: Plan, changed: readonly PlanParameter[]) {
  for (const parameter of planParameters) {
    const reason = previous.reasons[parameter]
    if (!changed.includes(parameter) && reason !== undefined) draft.explain(parameter, reason)
  }
}

function unchanged(feedback: string, { wish, dials }: Reading, said: readonly string[]): string[] {
  const { format, size, steps, cfg, sampler, scheduler, model, count, quality, strength } = wish
  const orders = [format, size, steps, cfg, sampler, scheduler, model, count, quality, strength]
  const read =
    [...dials, ...wish.avoid, ...wish.styles].length > 0 || orders.some((order) => order !== undefined)
  if (!read) return [nothingRead(feedback)]
  return said.length > 0 ? [] : [`The plan already has what "${feedback}" asks for.`]
}

function nothingRead(feedback: string): string {
  if (feedback.trim() === '')
    return 'The feedback is empty, and rules have no other idea by themselves: the plan is as it was.'
  return `The rules found nothing in "${feedback}" that changes the plan. Name a thing, a time of day, a style, "more steps", "less saturated", or edit the plan yourself.`
}

function told(changed: readonly PlanParameter[]): string {
  if (changed.length === 0) return 'Nothing was changed.'
  return `Changed: ${list(changed.map((parameter) => parameterLabels[parameter].toLowerCase().replace('cfg', 'CFG')))}. All else is as before, so that you see what the change does.`
}
