import type { Catalog } from '../catalog.ts'
import type { Failure } from '../errors.ts'
import { Decision, type DecisionInput, type Review } from '../review.ts'
import { drawSeed } from '../seed.ts'
import { canonical } from '../canonical.ts'
import type { Json } from '../values.ts'
import type { RunEvent } from './events.ts'
import { type Anew, reviseTargets } from './revise.ts'
import type { ReviewState, RunState } from './state.ts'

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
  if (!asked) return no('no-review', `There is no review "${id}" in this run.`, 'Look at the open reviews of the run.')
  const parsed = Decision.safeParse(given)
  if (!parsed.success)
    return no('bad-decision', `The decision cannot be read: ${parsed.error.issues[0]?.message}`, 'Send one of: approve, edit, pick, revise, reject.')
  const decision = parsed.data
  if (asked.status !== 'open') return again(asked, decision)
  if (state.cancelled || state.ended) return no('run-ended', 'The run has ended.', 'Start it anew; finished plans are taken over.')
  const { allow } = asked.review
  if (!allow.includes(decision.kind))
    return no('not-allowed', `This review does not take "${decision.kind}".`, `It takes: ${allow.join(', ')}.`)
  return weigh(state, asked.review, decision, env)
}

/** The same body gets the same answer; another body is a conflict that shows the first. */
function again({ status, decision, review }: ReviewState, given: Decision): Judged {
  if (status === 'superseded')
    return no('superseded', `Review "${review.id}" was replaced by a newer round.`, 'Answer the newer review of the same node.')
  if (decision && canonical(decision) === canonical(given)) return { ok: true }
  const by = decision ? ` (${decision.kind} by ${decision.by})` : ''
  return {
    ok: false,
    failure: {
      class: 'invalid',
      code: 'already-decided',
      message: `Review "${review.id}" was already decided${by}.`,
      hint: 'The first decision stands; start a new run to decide otherwise.',
      retry: false,
      details: { decision: decision as Json | undefined },
    },
  }
}

function weigh(state: RunState, review: Review, decision: Decision, env: Env): Judged {
  const at = env.clock.now()
  switch (decision.kind) {
    case 'approve':
    case 'reject':
      return { ok: true, event: { type: 'review.decided', review: review.id, decision, at } }
    case 'edit':
      return edited(review, decision, at, env.catalog)
    case 'pick':
      return picked(review, decision, at)
    case 'revise': {
      const targets = reviseTargets(state, review, decision)
      if (!targets.ok) return no('cannot-revise', targets.reason, targets.hint)
      const anew = targets.anew.map((target) => withSeed(state, target, env.random))
      return { ok: true, event: { type: 'review.decided', review: review.id, decision, at, anew } }
    }
  }
}

/** A random seed is drawn anew for the step that is revised; one that is set or wired stays. */
function withSeed({ created, plan }: RunState, target: Anew, random: () => number): Anew {
  const { node } = target.step
  const { seedField, inputs = [] } = plan.nodes.get(node) ?? {}
  const isRandom = created.seeds[node] !== undefined && !inputs.some(({ field }) => field === seedField)
  return isRandom ? { ...target, seed: drawSeed(random) } : target
}

function edited(review: Review, decision: Extract<Decision, { kind: 'edit' }>, at: number, catalog: Catalog): Judged {
  const schema = catalog.kind(review.kind)?.schema
  if (!schema) return no('bad-edit', `Values of the kind "${review.kind}" cannot be edited here.`, 'Approve or reject.')
  const values = review.list && Array.isArray(decision.value) ? decision.value : [decision.value]
  if (review.list && !Array.isArray(decision.value))
    return no('bad-edit', 'The edited value must be a list.', 'Send the whole list.')
  const checked: Json[] = []
  for (const [i, value] of values.entries()) {
    const parsed = schema.safeParse(value)
    if (!parsed.success) return badEdit(review.list ? [i, ...(parsed.error.issues[0]?.path ?? [])] : (parsed.error.issues[0]?.path ?? []), parsed.error.issues[0]?.message)
    checked.push(parsed.data as Json)
  }
  const value = review.list ? checked : (checked[0] ?? null)
  return { ok: true, event: { type: 'review.decided', review: review.id, decision: { ...decision, value }, at } }
}

function badEdit(path: readonly PropertyKey[], message: string | undefined): Judged {
  const place = path.length > 0 ? `"${path.map(String).join('.')}" in the edited value` : 'The edited value'
  return no('bad-edit', `${place} does not fit: ${message}`, 'Correct it and send it again.')
}

function picked(review: Review, decision: Extract<Decision, { kind: 'pick' }>, at: number): Judged {
  if (!Array.isArray(review.value)) return no('bad-pick', 'There is only one thing to review.', 'Approve it instead.')
  const { length } = review.value
  const beyond = decision.items.find((item) => item >= length)
  if (beyond !== undefined)
    return no('bad-pick', `There is no item ${beyond}; there are ${length}, counted from 0.`, 'Pick among those.')
  return { ok: true, event: { type: 'review.decided', review: review.id, decision, at } }
}

function no(code: string, message: string, hint: string): Judged {
  return { ok: false, failure: { class: 'invalid', code, message, hint, retry: false } }
}
