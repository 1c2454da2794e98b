import { PlanographError } from '../errors.ts'
import type { Held } from '../storage.ts'
import type { RunEnv } from './env.ts'

/** How often a holder says that it lives, and how long that is believed. Milliseconds. */
export const heartbeatMs = 5_000
export const leaseMs = 20_000

/** Takes a run that nobody live holds; answers the new epoch. */
export async function holdRun({ storage, holder, clock, alive }: RunEnv, run: string): Promise<number> {
  const now = clock.now()
  const acquired = await storage.journal.acquire(run, holder, now, now + leaseMs, alive)
  if (acquired.ok) return acquired.epoch
  throw heldBy(run, acquired.holder)
}

function heldBy(run: string, { pid, host }: Held): PlanographError {
  return new PlanographError('blocked', `Run ${run} is being worked on by process ${pid} on ${host}.`, {
    code: 'held',
    hint: 'Let that process go on, or end it and try again.',
    details: { pid, host },
  })
}
