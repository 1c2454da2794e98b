import { Kysely, sql } from 'kysely'
import { storageError } from '../storage-errors.ts'
import { connect } from './connect.ts'
import type { Write } from './group-commit.ts'
import { groupCommit } from './group-commit.ts'
import { libsqlDialect } from './libsql-dialect.ts'
import { migrate } from './migrations.ts'
import type { BusyStats, Patience } from './patience.ts'
import { patiently } from './patience.ts'
import type { Tables } from './tables.ts'

export interface OpenDatabase {
  /** For reading only: its own connection, so that it never waits for a writer. */
  reader: Kysely<Tables>
  write: Write
  close(): Promise<void>
}

export interface DatabaseOptions {
  home: string
  path: string
  patience: Patience
  stats: BusyStats
  committed: () => void
}

export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const writer = await openConnection(options)
  try {
    await migrate(writer, options.home)
    const reader = await openConnection(options, breather())
    const { write, idle } = groupCommit(writer, options.committed)
    return {
      reader,
      write,
      async close() {
        await idle()
        await reader.destroy()
        // Leaves one file that can be copied; while other processes are at work there is nothing to be gained.
        await sql`pragma wal_checkpoint(truncate)`.execute(writer).catch(() => undefined)
        await writer.destroy()
      },
    }
  } catch (error) {
    await writer.destroy()
    throw error
  }
}

async function openConnection(
  { home, path, patience, stats }: DatabaseOptions,
  breathe?: () => Promise<void> | undefined,
): Promise<Kysely<Tables>> {
  try {
    const database = await connect(path, patience, stats)
    const dialect = libsqlDialect({
      database,
      async patiently(attempt) {
        await breathe?.()
        return await patiently(attempt, patience, stats)
      },
      explain: (error) => storageError(error, home),
    })
    return new Kysely<Tables>({ dialect })
  } catch (error) {
    throw storageError(error, home)
  }
}

const breathEvery = 8

/**
 * libsql answers at once, so that a loop of reads would keep everything else in the process waiting: every 8 ms it lets
 * the others have their turn. (The writer does so between transactions, never in one.)
 */
function breather(): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < breathEvery) return undefined
    return new Promise((resolve) => {
      setImmediate(() => {
        last = performance.now()
        resolve()
      })
    })
  }
}
