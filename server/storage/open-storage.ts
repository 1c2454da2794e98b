import { PlanographError } from '../../runtime/errors.ts'
import type { Storage } from '../../runtime/storage.ts'
import type { BlobRef } from '../../runtime/values.ts'
import { blobsIn } from '../../runtime/values.ts'
import type { FileBlobs } from './files/file-blobs.ts'
import { fileBlobs } from './files/file-blobs.ts'
import type { FileLayer } from './files/file-layer.ts'
import { nodeFiles } from './files/file-layer.ts'
import { homeLayout, prepareHome } from './home.ts'
import { lazily } from './lazily.ts'
import { blobReferences } from './sqlite/blob-references.ts'
import { openDatabase } from './sqlite/open-database.ts'
import type { BusyStats, Patience } from './sqlite/patience.ts'
import { usualPatience } from './sqlite/patience.ts'
import { sqliteJournal } from './sqlite/sqlite-journal.ts'
import { sqliteResults } from './sqlite/sqlite-results.ts'
import { sqliteWorkflows } from './sqlite/sqlite-workflows.ts'

interface StorageStats extends BusyStats {
  /** Write transactions on the disk; each took one fsync of the database. */
  commits: number
}

export interface HomeStorage extends Storage {
  readonly stats: Readonly<StorageStats>
  readonly blobs: FileBlobs
  /** Opens the home now instead of at the first use, so that what is wrong with it shows at once. */
  ready(): Promise<void>
  /** Every blob that a run, a cached result or a saved workflow needs. */
  references(): Promise<Set<string>>
}

export interface StorageOptions {
  files?: FileLayer
  /** Milliseconds since 1970. */
  now?: () => number
  patience?: Partial<Patience>
  /** Told after every commit, before anybody else is: for tests that stop the process there. */
  committed?: () => void
}

/**
 * The storage in a home folder: planograph.db and blobs. Nothing is touched before the first use. Throws
 * `blocked` with code `home-unusable`, `home-newer`, `disk-full` or `disk-error`, `invalid` with `database-damaged`,
 * `journal-damaged` or `blob-damaged`, `timeout` with `database-busy`.
 */
export function openStorage(home: string, options: StorageOptions = {}): HomeStorage {
  const { files = nodeFiles, now = Date.now } = options
  const stats: StorageStats = { retries: 0, mostRetries: 0, givenUp: 0, commits: 0 }
  const layout = homeLayout(home)
  const patience = { ...usualPatience, ...options.patience }
  const folders = lazily(() => prepareHome(layout, files, now()))
  const database = lazily(async () => {
    await folders()
    return await openDatabase({ home, path: layout.database, patience, stats, committed })
  })
  const results = sqliteResults(database, now)
  const blobs = fileBlobs(layout, files, now, folders)

  function committed(): void {
    stats.commits += 1
    options.committed?.()
  }

  return {
    journal: sqliteJournal(database, now),
    results,
    blobs,
    workflows: sqliteWorkflows(database),
    stats,
    ready: async () => void (await database()),
    references: async () => await withNested(await blobReferences(await database()), blobs),
    async close() {
      if (!database.begun()) return
      await results.flush().catch(() => undefined)
      await (await database().catch(() => undefined))?.close()
    },
  }
}

/** A large JSON value is a blob that may name further blobs. */
async function withNested(
  { hashes, json }: { hashes: Set<string>; json: Set<string> },
  blobs: FileBlobs,
): Promise<Set<string>> {
  const open = [...json]
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    for (const ref of await namedIn(hash, blobs)) {
      if (ref.mime === 'application/json' && !hashes.has(ref.blob)) open.push(ref.blob)
      hashes.add(ref.blob)
    }
  }
  return hashes
}

async function namedIn(hash: string, blobs: FileBlobs): Promise<BlobRef[]> {
  try {
    const bytes = await blobs.get(hash)
    return bytes === undefined ? [] : blobsIn(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (error) {
    // What a damaged value named, nobody can ask for any more; any other failure must not look like "names nothing".
    if (error instanceof SyntaxError || (error instanceof PlanographError && error.code === 'blob-damaged'))
      return []
    throw error
  }
}
