import { PlanographError } from '../../../runtime/errors.ts'

/** How long SQLite itself may wait for a lock, milliseconds; for that time the whole process stands still. */
export const busyTimeout = 5

export interface Patience {
  /** After this many milliseconds of a busy database an operation gives up. */
  giveUpAfterMs: number
  sleep(ms: number): Promise<void>
  /** From 0 to 1, for the jitter. */
  random(): number
}

export const usualPatience: Patience = {
  giveUpAfterMs: 30_000,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
}

export interface BusyStats {
  /** Times the database was busy and the operation was tried again. */
  retries: number
  /** The most retries a single operation needed. */
  mostRetries: number
  /** Operations that gave up. */
  givenUp: number
}

const firstPause = 2
const longestPause = 40

/** Tries until the database is free: pauses double, with full jitter so that waiting processes do not march in step. */
export async function patiently<T>(attempt: () => T, patience: Patience, stats: BusyStats): Promise<T> {
  let waited = 0
  for (let retries = 0; ; retries += 1) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (waited >= patience.giveUpAfterMs) throw stayedBusy(error, waited, stats)
      const pause = 1 + patience.random() * Math.min(longestPause, firstPause * 2 ** retries)
      waited += pause + busyTimeout
      stats.retries += 1
      stats.mostRetries = Math.max(stats.mostRetries, retries + 1)
      await patience.sleep(pause)
    }
  }
}

/** SQLITE_BUSY and SQLITE_LOCKED, with their extended codes (https://www.sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !('rawCode' in error) || typeof error.rawCode !== 'number') return false
  const code = error.rawCode & 0xff
  return code === 5 || code === 6
}

function stayedBusy(cause: unknown, waited: number, stats: BusyStats): PlanographError {
  stats.givenUp += 1
  const seconds = Math.round(waited / 1_000)
  return new PlanographError('timeout', `The database was kept busy by another program for ${seconds} s.`, {
    code: 'database-busy',
    hint: 'Nothing was written. Close other programs that use this home folder (a backup, a database browser) and try again.',
    cause,
  })
}
