import { canonical } from '../canonical.ts'
import type { Catalog } from '../catalog.ts'
import type { Failure } from '../errors.ts'
import { Decision, type DecisionInput, type Review } from '../review.ts'
import { drawSeed } from '../seed.ts'
import { type ValueFault, valueFaults } from '../value-faults.ts'
import type { Json } from '../values.ts'
import type { RunEvent } from './events.ts'
import { type Anew, reviseTargets } from './revise.ts'
import type { RunState } from './state.ts'

type Decided = Extract<RunEvent, { type: 'review.decided' }>
/** No event: the same answer was given before. */
type Judged = { ok: true; event?: Decided } | { ok: false; failure: Failure }

interface Env {
  catalog: Catalog
  clock: { now(): number }
  random: () => number
}

/** Whether a decision can be taken, and the event that records it. A refusal says why and what to do. */
export function judge(state: RunState, id: string, given: DecisionInput, env: Env): Judged {
  const asked = state.reviews.get(id)
  if (!asked)
    return no('no-review', `There is no review "${id}" in this run.`, 'Look at the open reviews of the run.')
  const parsed = Decision.safeParse(given)
  if (!parsed.success)
    return no(
      'bad-decision',
      said('The decision', valueFaults(Decision, given)),
      'Send one of: approve, edit, pick, revise, reject.',
    )
  const decision = parsed.data
  const { review } = asked
  if (asked.decision) return again(review, asked.decision, decision, env)
  if (asked.status === 'superseded')
    return no(
      'superseded',
      `Review "${id}" was replaced by a newer round.`,
      'Answer the newer review of the same node.',
    )
  if (state.cancelled || state.ended)
    return no('run-ended', 'The run has ended.', 'Start it anew; finished plans are taken over.')
  if (!review.allow.includes(decision.kind))
    return no(
      'not-allowed',
      `This review does not take "${decision.kind}".`,
      `It takes: ${review.allow.join(', ')}.`,
    )
  return weigh(state, review, decision, env)
}

/** The same body gets the same answer; another body is a conflict that shows the first. */
function again(review: Review, first: Decision, given: Decision, env: Env): Judged {
  if (canonical(asKept(review, given, env)) === canonical(first)) return { ok: true }
  return {
    ok: false,
    failure: {
      class: 'invalid',
      code: 'already-decided',
      message: `Review "${review.id}" was already decided (${first.kind} by ${first.by}).`,
      hint: 'The first decision stands; start a new run to decide otherwise.',
      retry: false,
      details: { decision: first },
    },
  }
}

/** An edited value is kept as its kind's schema makes it. */
function asKept(review: Review, given: Decision, env: Env): Decision {
  if (given.kind !== 'edit') return given
  const judged = edited(review, given, 0, env.catalog)
  return judged.ok && judged.event ? judged.event.decision : given
}

function weigh(state: RunState, review: Review, decision: Decision, env: Env): Judged {
  const at = env.clock.now()
  switch (decision.kind) {
    case 'approve':
    case 'reject':
      return yes(review, decision, at)
    case 'edit':
      return edited(review, decision, at, env.catalog)
    case 'pick':
      return picked(review, decision, at)
    case 'revise': {
      const targets = reviseTargets(state, review, decision)
      if (!targets.ok) return no('cannot-revise', targets.reason, targets.hint)
      const anew = targets.anew.map((target) => withSeed(state, target, env.random))
      return yes(review, decision, at, anew)
    }
  }
}

/** A random seed is drawn anew for the step that is revised; one that is set or wired stays. */
function withSeed({ created, plan }: RunState, target: Anew, random: () => number): Anew {
  const { node } = target.step
  const plans = plan.nodes.get(node)
  const wired = plans?.inputs.some(({ field }) => field === plans.seedField)
  return created.seeds[node] === undefined || wired ? target : { ...target, seed: drawSeed(random) }
}

function edited(
  review: Review,
  decision: Extract<Decision, { kind: 'edit' }>,
  at: number,
  catalog: Catalog,
): Judged {
  const schema = catalog.kind(review.kind)?.schema
  if (!schema)
    return no('bad-edit', `Values of the kind "${review.kind}" cannot be edited here.`, 'Approve or reject.')
  const shape = review.list ? schema.array() : schema
  const faults = valueFaults(shape, decision.value)
  if (faults.length > 0)
    return no('bad-edit', said('The edited value', faults), 'Correct it and send it again.')
  return yes(review, { ...decision, value: shape.parse(decision.value) as Json }, at)
}

function picked(review: Review, decision: Extract<Decision, { kind: 'pick' }>, at: number): Judged {
  if (!Array.isArray(review.value))
    return no('bad-pick', 'There is only one thing to review.', 'Approve it instead.')
  const { length } = review.value
  const beyond = decision.items.find((item) => item >= length)
  if (beyond !== undefined)
    return no(
      'bad-pick',
      `There is no item ${beyond}; there are ${length}, counted from 0.`,
      'Pick among those.',
    )
  return yes(review, decision, at)
}

/** "The edited value: steps must be at most 150, but is 900; 2.cfg is missing". */
function said(what: string, faults: ValueFault[]): string {
  const words = faults.map(({ path, text }) => (path.length > 0 ? `"${path.join('.')}" ${text}` : text))
  return `${what} does not fit: ${words.join('; ')}.`
}

function yes({ id }: Review, decision: Decision, at: number, anew?: Anew[]): Judged {
  return { ok: true, event: { type: 'review.decided', review: id, decision, at, ...(anew && { anew }) } }
}

function no(code: string, message: string, hint: string): Judged {
  return { ok: false, failure: { class: 'invalid', code, message, hint, retry: false } }
}
