import type { Explanation } from '../api.ts'
import { canonical } from '../canonical.ts'
import { PlanographError } from '../errors.ts'
import type { KeyParts, StepRef } from '../run/events.ts'
import type { Fact, RunState } from '../run/state.ts'
import type { Json } from '../values.ts'
import type { RunEnv } from './env.ts'
import { loadState } from './load.ts'

/** Why a node ran: which parts of its cache key differ from this node's step before. */
export async function explain(env: RunEnv, run: string, node: string): Promise<Explanation> {
  const state = await loadState(env, run)
  const fact = stepWithParts(state, node)
  if (!fact) throw notRun(run, node, state)
  const workflowId = (await env.storage.journal.head(run))?.workflowId
  for (const head of await env.storage.journal.list({ workflowId, before: run, limit: 20 })) {
    const before = (await loadState(env, head.id)).facts.get(fact.key)
    if (before?.parts) return compared(fact, before, head.id)
  }
  return {
    step: refOf(fact),
    differs: [],
    summary: `"${node}" ran because it never ran before in this home.`,
  }
}

function stepWithParts(state: RunState, node: string): Fact | undefined {
  const exact = state.facts.get(node)
  if (exact?.parts) return exact
  return [...state.facts.values()].find((fact) => fact.node === node && fact.parts)
}

function compared(now: Fact, before: Fact, run: string): Explanation {
  const differs = differences(before.parts, now.parts)
  return {
    step: refOf(now),
    previous: { run, step: refOf(before) },
    differs,
    summary: summary(now, run, differs),
  }
}

function summary(now: Fact, run: string, differs: Explanation['differs']): string {
  if (now.from && differs.length > 0)
    return `"${now.key}" had been computed with these very values before; its result was reused.`
  if (now.from) return `Nothing that "${now.key}" depends on differs from run ${run}; its result was reused.`
  if (differs.length === 0)
    return `Nothing that "${now.key}" depends on differs from run ${run}; its result was not kept, or was asked for anew.`
  return `"${now.key}" ran because these differ from run ${run}: ${differs.map(({ part }) => part).join(', ')}.`
}

function differences(before: KeyParts | undefined, now: KeyParts | undefined): Explanation['differs'] {
  const old = flat(before)
  const fresh = flat(now)
  const parts = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].sort()
  return parts
    .filter((part) => canonical(old[part] ?? null) !== canonical(fresh[part] ?? null))
    .map((part) => ({ part, before: old[part], now: fresh[part] }))
}

function flat(parts: KeyParts | undefined): { [part: string]: Json | undefined } {
  if (!parts) return {}
  const { values, type, version, identity, feedback } = parts
  return { type, version, 'model identity': identity, feedback, ...values }
}

function refOf({ node, index, round }: Fact): StepRef {
  return { node, index, round }
}

function notRun(run: string, node: string, state: RunState): PlanographError {
  const ran = [...new Set([...state.facts.values()].map((fact) => fact.node))]
  return new PlanographError('invalid', `"${node}" computed nothing in run ${run}.`, {
    code: 'not-run',
    hint: `Nodes of this run: ${ran.join(', ')}.`,
  })
}
