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
    const reader = await openConnection(options)
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

async function openConnection({ home, path, patience, stats }: DatabaseOptions): Promise<Kysely<Tables>> {
  try {
    const database = await connect(path, patience, stats)
    const dialect = libsqlDialect({
      database,
      patiently: (attempt) => patiently(attempt, patience, stats),
      explain: (error) => storageError(error, home),
    })
    return new Kysely<Tables>({ dialect })
  } catch (error) {
    throw storageError(error, home)
  }
}
