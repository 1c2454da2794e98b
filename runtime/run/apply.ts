import { failuresIn, type RunEvent, type StepRef } from './events.ts'
import { startAnew } from './rounds.ts'
import { demand, reschedule, settle } from './schedule.ts'
import { type Fact, factOf, type RunState, stepOf } from './state.ts'

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>

/** Killing the process this often makes a step poison. */
const poisonKills = 2

/** Folds one event into the state, which is changed in place. The same code runs live and after a crash. */
export function apply(state: RunState, event: RunEvent): RunState {
  if ('step' in event && isPast(state, event.step)) return state
  switch (event.type) {
    case 'run.created':
      return state
    case 'step.resolved':
      current(state, event.step).resolved = event.resolved
      return state
    case 'step.demanded':
      return demanded(state, event)
    case 'step.started':
      return started(state, event)
    case 'step.done':
      return done(state, event)
    case 'step.failed':
      return failed(state, event)
    case 'review.opened':
      return opened(state, event)
    case 'review.decided':
      return decided(state, event)
    case 'run.cancelled':
      state.cancelled = true
      return state
    case 'run.parked':
      return halt(state, 'parked', event.reason)
    case 'run.blocked':
      return halt(state, 'blocked', event.failure.message)
    case 'run.resumed':
      return resumed(state, event)
    case 'run.finished':
      state.ended = { status: event.status, at: event.at }
      return state
  }
}

function current(state: RunState, step: StepRef): Fact {
  return factOf(state, step.node, step.index)
}

/** What is said of a round that is over, or of a step that has its outcome, does not count: the first commit wins. */
function isPast(state: RunState, step: StepRef): boolean {
  const { round, status } = current(state, step)
  return step.round !== round || status === 'done' || status === 'failed' || status === 'rejected'
}

function demanded(state: RunState, { step: { node, index }, fields }: Of<'step.demanded'>): RunState {
  const step = stepOf(state, node, index)
  if (step) demand(state, step, fields)
  return state
}

function started(state: RunState, { step, attempt }: Of<'step.started'>): RunState {
  const fact = current(state, step)
  fact.status = 'running'
  fact.attempt = attempt
  fact.retryAt = undefined
  return state
}

function done(state: RunState, event: Of<'step.done'>): RunState {
  const fact = current(state, event.step)
  const { key, outputs, notes = [] } = event
  fact.status = 'done'
  fact.attempt = event.attempt
  fact.ms = event.ms
  fact.outputs = outputs
  fact.partly = failuresIn(outputs).length > 0
  fact.from = event.from
  fact.notes = notes
  fact.cacheKey = key
  fact.requestKey = event.requestKey
  fact.parts = event.parts
  if (key !== undefined && state.plan.nodes.get(fact.node)?.definition.cache === 'run')
    state.results.set(key, { outputs, notes })
  return close(state, fact)
}

function failed(state: RunState, event: Of<'step.failed'>): RunState {
  const fact = current(state, event.step)
  fact.attempt = event.attempt
  fact.failures++
  fact.failure = event.failure
  fact.ms = event.ms
  fact.parts = event.parts
  fact.cacheKey = event.key
  if (event.retryAt === undefined) {
    fact.status = 'failed'
    return close(state, fact)
  }
  fact.status = 'open'
  fact.busy = false
  fact.retryAt = event.retryAt
  const step = stepOf(state, fact.node, fact.index)
  if (step) state.ready.push(step)
  return state
}

/** A step that was with the shell has its outcome. It is in no schedule when its type is not installed any more. */
function close(state: RunState, fact: Fact): RunState {
  fact.busy = false
  const step = stepOf(state, fact.node, fact.index)
  if (!step) return state
  state.busy--
  settle(state, step)
  return state
}

function opened(state: RunState, { step, review }: Of<'review.opened'>): RunState {
  const fact = current(state, step)
  if (fact.status === 'waiting') return state
  fact.status = 'waiting'
  fact.busy = false
  if (stepOf(state, step.node, step.index)) state.busy--
  state.reviews.set(review.id, { review, fact: fact.key, status: 'open' })
  state.openReviews++
  return state
}

function decided(state: RunState, { review, decision, at, anew, from }: Of<'review.decided'>): RunState {
  const asked = state.reviews.get(review)
  if (asked?.status !== 'open') return state
  Object.assign(asked, { status: 'decided', decision, decidedAt: at, from })
  state.openReviews--
  const { node, index } = asked.review
  const fact = factOf(state, node, index)
  const step = stepOf(state, node, index)
  if (decision.kind === 'revise') startAnew(state, decision, anew ?? [])
  else if (decision.kind === 'reject') {
    fact.status = 'rejected'
    if (step) settle(state, step)
  } else {
    fact.status = 'open'
    fact.decisions[review] = decision
    if (!step) return state
    state.ready.push(step)
    state.busy++
  }
  return state
}

function halt(state: RunState, status: 'parked' | 'blocked', reason: string): RunState {
  state.halted = { status, reason }
  for (const fact of state.facts.values()) {
    if (fact.status === 'running') fact.status = 'open'
    fact.busy = false
  }
  return state
}

/** Whoever goes on with a run finds the steps that were running when the last process died. */
function resumed(state: RunState, event: Of<'run.resumed'>): RunState {
  state.halted = undefined
  Object.assign(state.versions, event.versions)
  for (const fact of state.facts.values()) {
    fact.busy = false
    if (fact.status === 'running') survive(fact)
  }
  reschedule(state)
  return state
}

function survive(fact: Fact): void {
  fact.kills++
  if (fact.kills < poisonKills) {
    fact.status = 'open'
    return
  }
  fact.status = 'failed'
  fact.failure = {
    class: 'poison',
    message: `The process died ${fact.kills} times while it worked on "${fact.key}".`,
    hint: 'Look at memory and at the log of the program; then start a new run, which takes over what is finished.',
    retry: false,
  }
}
