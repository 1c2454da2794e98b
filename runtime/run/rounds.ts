import type { Decision } from '../review.ts'
import type { RunEvent } from './events.ts'
import { reschedule } from './schedule.ts'
import { type Fact, factKey, factOf, type RunState, type Step } from './state.ts'

type Anew = NonNullable<Extract<RunEvent, { type: 'review.decided' }>['anew']>

/** Gives the named steps, and everything that read their outputs, a new round. */
export function startAnew(
  state: RunState,
  decision: Extract<Decision, { kind: 'revise' }>,
  anew: Anew,
): void {
  const affected = downstream(state, new Set(anew.map(({ step }) => factKey(step.node, step.index))))
  for (const key of affected) {
    const fact = state.facts.get(key)
    if (fact) nextRound(state, fact)
  }
  for (const { step, items, seed } of anew) {
    const fact = factOf(state, step.node, step.index)
    fact.feedback.push({ text: decision.feedback, drawing: decision.drawing, by: decision.by, items })
    fact.items = items
    fact.seed = seed
  }
  for (const review of state.reviews.values()) {
    if (review.status !== 'open' || !affected.has(review.fact)) continue
    review.status = 'superseded'
    state.openReviews--
  }
  reschedule(state)
}

function nextRound(state: RunState, fact: Fact): void {
  if (fact.busy) state.aborts.push(fact.key)
  Object.assign(fact, {
    round: fact.round + 1,
    status: 'open',
    busy: false,
    failures: 0,
    kills: 0,
    retryAt: undefined,
    previous: fact.outputs ?? fact.previous,
    outputs: undefined,
    partly: undefined,
    from: undefined,
    notes: [],
    failure: undefined,
    resolved: undefined,
    decisions: {},
    seed: undefined,
    items: undefined,
    demanded: new Set(),
  } satisfies Partial<Fact>)
}

/** The given steps and all that read from them, directly or not; one pass in topological order. */
function downstream(state: RunState, targets: Set<string>): Set<string> {
  const affected = new Set(targets)
  const touched = new Set<string>()
  for (const plan of state.plan.order) {
    for (const step of state.nodes.get(plan.id)?.created ?? [])
      if (affected.has(step.fact.key) || reads(step, affected, touched)) {
        affected.add(step.fact.key)
        touched.add(plan.id)
      }
  }
  return affected
}

function reads(step: Step, affected: Set<string>, touched: Set<string>): boolean {
  return step.node.plan.inputs.some((input) =>
    input.mode === 'whole'
      ? touched.has(input.source.id)
      : affected.has(step.slots.get(input)?.producer.fact.key ?? ''),
  )
}
