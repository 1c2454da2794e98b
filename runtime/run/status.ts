import type { Seed } from '../seed.ts'
import type { RunStatus } from './events.ts'
import type { RunState } from './state.ts'

/** Nothing can happen to it any more. */
export function isSettled(state: RunState): boolean {
  return state.ended !== undefined
}

export function statusOf(state: RunState): RunStatus {
  if (state.ended) return state.ended.status
  if (state.halted) return state.halted.status
  if (state.busy === 0 && state.openReviews > 0) return 'waiting'
  for (const fact of state.facts.values()) if (fact.status !== 'open' || fact.attempt > 0) return 'running'
  return 'queued'
}

/** The seeds that were drawn, by node: those of the last round. */
export function seedsOf({ created, facts }: RunState): { [node: string]: Seed } {
  const drawn = Object.entries(created.seeds)
  return Object.fromEntries(drawn.map(([node, seed]) => [node, facts.get(node)?.seed ?? seed]))
}
