import type { RunState, Step } from './state.ts'

/** What the shell is to do. */
export type Effect =
  | { type: 'start'; step: Step }
  /** The attempt at work on this step (by its key) is pointless. */
  | { type: 'abort'; key: string }
  | { type: 'finish'; status: 'done' | 'failed' | 'rejected' | 'cancelled' }
  /** Nothing to do until a person answers. */
  | { type: 'wait' }

/** What follows from the state. Takes what it answers from the state's lists, so that nothing is started twice. */
export function decide(state: RunState): Effect[] {
  const effects: Effect[] = state.aborts.splice(0).map((key) => ({ type: 'abort', key }))
  if (state.ended) return effects
  if (state.cancelled) return [...effects, { type: 'finish', status: 'cancelled' }]
  if (state.halted) return effects
  for (const step of state.ready.splice(0)) {
    if (step.settled || step.blocked > 0 || step.fact.busy || step.fact.status !== 'open') continue
    step.fact.busy = true
    effects.push({ type: 'start', step })
  }
  if (state.busy > 0) return effects
  effects.push(state.openReviews > 0 ? { type: 'wait' } : { type: 'finish', status: outcome(state) })
  return effects
}

function outcome(state: RunState): 'done' | 'failed' | 'rejected' {
  let rejected = false
  for (const node of state.nodes.values())
    for (const { fact } of node.created) {
      if (fact.status === 'failed' || fact.partly) return 'failed'
      rejected ||= fact.status === 'rejected'
    }
  return rejected ? 'rejected' : 'done'
}
