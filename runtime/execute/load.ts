import { PlanographError } from '../errors.ts'
import { analyse } from '../graph/analyse.ts'
import { apply } from '../run/apply.ts'
import { makePlan } from '../run/plan.ts'
import { activate, targetsOf } from '../run/schedule.ts'
import { type Created, createState, type RunState } from '../run/state.ts'
import type { RunEnv } from './env.ts'

/** The state a new run begins with. */
export function beginState({ catalog }: Pick<RunEnv, 'catalog'>, created: Created): RunState {
  const { workflow } = created
  const state = createState(makePlan(workflow, analyse(workflow, catalog), catalog), created)
  activate(state, targetsOf(state))
  return state
}

/** The state of a run: the fold of its journal. Throws `invalid` (code `no-run`) when there is none. */
export async function loadState(env: RunEnv, run: string): Promise<RunState> {
  const entries = await env.storage.journal.read(run)
  const first = entries[0]?.event
  if (first?.type !== 'run.created') throw noRun(run)
  const state = beginState(env, first)
  for (let i = 1; i < entries.length; i++) {
    const entry = entries[i]
    if (entry) apply(state, entry.event)
  }
  return state
}

export function noRun(run: string): PlanographError {
  return new PlanographError('invalid', `There is no run "${run}" in this home.`, {
    code: 'no-run',
    hint: 'List the runs with: planograph runs',
  })
}
