import type { Decision } from '../review.ts'
import type { StoredOutputs } from '../run/events.ts'
import type { Fact, RunState } from '../run/state.ts'

/** What a new run may take over from the latest run of the same workflow. */
export interface Takeover {
  run: string
  /** Results that count within a run only, by cache key: finished plans. */
  results: Map<string, { outputs: StoredOutputs; notes: string[] }>
  /** Decisions by what was reviewed: `key of the step/question`. */
  decisions: Map<string, Decision>
}

/** A reviewed input's address: the same question about the same values. */
export function questionKey(cacheKey: string, review: string): string {
  return `${cacheKey}/${review.slice(review.lastIndexOf('/') + 1)}`
}

/** Plans and decisions (approve, edit, pick) that the run has; everything else is made anew. */
export function takeoverFrom(run: string, state: RunState): Takeover {
  const takeover: Takeover = { run, results: new Map(), decisions: new Map() }
  for (const fact of state.facts.values()) {
    const node = state.plan.nodes.get(fact.node)
    if (!node || fact.status !== 'done' || fact.cacheKey === undefined) continue
    if (node.definition.asks) takeDecisions(takeover, fact)
    else if (node.definition.cache === 'run' && fact.outputs)
      for (const key of keysOf(fact)) takeover.results.set(key, { outputs: fact.outputs, notes: fact.notes })
  }
  return takeover
}

/**
 * A plan that was revised stands for the request it came from: found by the key without the feedbacks as well, so
 * that the approved plan is taken over and not the first draft.
 */
function keysOf(fact: Fact): string[] {
  return [fact.cacheKey, fact.requestKey].filter((key) => key !== undefined)
}

function takeDecisions(takeover: Takeover, fact: Fact): void {
  for (const [review, decision] of Object.entries(fact.decisions))
    if (fact.cacheKey !== undefined) takeover.decisions.set(questionKey(fact.cacheKey, review), decision)
}
