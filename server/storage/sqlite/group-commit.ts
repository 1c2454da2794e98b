import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from './tables.ts'

/** Runs `work` in a write transaction; answers when it is on the disk. What it throws undoes it alone. */
export type Write = <T>(work: (tx: Transaction<Tables>) => Promise<T>) => Promise<T>

interface Job {
  work(tx: Transaction<Tables>): Promise<void>
  resolve(): void
  reject(error: unknown): void
}

/** Keeps a transaction short when very many wait. */
const mostTogether = 32

/**
 * One writer: what comes in while a commit is under way is committed together with the next one, so that many runs
 * share an fsync. Each piece of work sits in its own savepoint.
 */
export function groupCommit(
  database: Kysely<Tables>,
  committed: () => void,
): { write: Write; idle(): Promise<void> } {
  let waiting: Job[] = []
  let draining: Promise<void> | undefined

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // Lets the other writes of this moment come along, and whatever else the process has to do.
      await new Promise((resolve) => setImmediate(resolve))
      const together = waiting.slice(0, mostTogether)
      waiting = waiting.slice(mostTogether)
      await commit(together)
    }
    draining = undefined
  }

  async function commit(jobs: readonly Job[]): Promise<void> {
    const answers: (() => void)[] = []
    try {
      await database.transaction().execute(async (tx) => {
        for (const job of jobs) answers.push(await inSavepoint(tx, job))
      })
      committed()
    } catch (error) {
      for (const job of jobs) job.reject(error)
      return
    }
    for (const answer of answers) answer()
  }

  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        waiting.push(answering(work, resolve, reject))
        draining ??= drain()
      }),
    idle: async () => await draining,
  }
}

function answering<T>(
  work: (tx: Transaction<Tables>) => Promise<T>,
  resolve: (answer: T) => void,
  reject: (error: unknown) => void,
): Job {
  let answer = () => {}
  return {
    async work(tx) {
      const result = await work(tx)
      answer = () => resolve(result)
    },
    resolve: () => answer(),
    reject,
  }
}

async function inSavepoint(tx: Transaction<Tables>, job: Job): Promise<() => void> {
  await sql`savepoint piece`.execute(tx)
  try {
    await job.work(tx)
    await sql`release piece`.execute(tx)
    return job.resolve
  } catch (error) {
    await undo(tx, error)
    return () => job.reject(error)
  }
}

async function undo(tx: Transaction<Tables>, because: unknown): Promise<void> {
  try {
    await sql`rollback to piece`.execute(tx)
    await sql`release piece`.execute(tx)
  } catch {
    // The database has rolled back all of it: then this is what everybody is told.
    throw because
  }
}
