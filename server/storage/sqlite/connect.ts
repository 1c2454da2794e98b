import type { Database } from 'libsql'
import { type BusyStats, busyTimeout, type Patience, patiently } from './patience.ts'

/**
 * Opens planograph.db. FULL: a commit is on the disk when it answers. The library is loaded here and not before, as
 * many commands never need it.
 */
export async function connect(path: string, patience: Patience, stats: BusyStats): Promise<Database> {
  const { default: Libsql } = await import('libsql')
  return await patiently(
    () => {
      const database = new Libsql(path, { timeout: busyTimeout })
      database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
      return database
    },
    patience,
    stats,
  )
}
