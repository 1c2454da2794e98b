import type { RuntimeOptions } from '../api.ts'
import type { StoredOutputs } from '../run/events.ts'
import type { Pools } from './pools.ts'
import type { Watch } from './watch.ts'

/** What a step made, for equal ones to take. */
export interface Made {
  outputs: StoredOutputs
  notes?: string[]
}

/** What all runs of a runtime share. */
export interface RunEnv extends RuntimeOptions {
  pool: Pools
  watch: Watch
  /** Computations under way by cache key, so that equal ones are joined. */
  inflight: Map<string, Promise<Made | undefined>>
  lastBreath: number
}

/** Work in one turn of the event loop, milliseconds. */
const turnMs = 10

/** Gives other work of the process its turn when this one has lasted. */
export async function breathe(env: RunEnv): Promise<void> {
  if (env.clock.now() - env.lastBreath < turnMs) return
  await env.clock.breathe()
  env.lastBreath = env.clock.now()
}
