import type { CompiledQuery, Kysely, Transaction } from 'kysely'
import type { CachedResult, ResultCache } from '../../../runtime/storage.ts'
import { blobRows } from './blob-rows.ts'
import { checksum } from './checksum.ts'
import type { OpenDatabase } from './open-database.ts'
import { portions, repeatedStatement } from './repeated-statement.ts'
import type { ResultTable, Tables } from './tables.ts'

export interface SqliteResults extends ResultCache {
  /** Writes down which results were used. */
  flush(): Promise<void>
}

/** Uses are gathered and written together; one that is noted this recently is not noted again. */
const noteAfter = 1_000
const noteAgainAfter = 600_000

export function sqliteResults(open: () => Promise<OpenDatabase>, now: () => number): SqliteResults {
  const insertion = repeatedStatement(insertUnlessThere, valuesOf)
  const selection = repeatedStatement(selectByKey, (key: string) => [key])
  let used = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  function note({ key, last_used }: ResultTable): void {
    if (now() - last_used < noteAgainAfter) return
    used.add(key)
    // Which result was used when is a help for the garbage collector and no promise: failing to note it is no error.
    timer ??= setTimeout(() => void flush().catch(() => undefined), noteAfter).unref()
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const keys = [...used]
    used = new Set()
    if (keys.length === 0) return
    const { write } = await open()
    await write(async (tx) => {
      for (const some of portions(keys))
        await tx.updateTable('result').set({ last_used: now() }).where('key', 'in', some).execute()
    })
  }

  async function remove(keys: readonly string[]): Promise<void> {
    const { write } = await open()
    for (const some of portions(keys))
      await write((tx) => tx.deleteFrom('result').where('key', 'in', some).execute())
  }

  return {
    flush,
    delete: remove,

    async get(key) {
      const { reader } = await open()
      const { rows } = await reader.executeQuery<ResultTable>(selection(reader, [key]))
      const row = rows[0]
      if (row === undefined) return undefined
      if (row.checksum !== checksumOf(row)) {
        await remove([key])
        return undefined
      }
      note(row)
      return resultOf(row)
    },

    async put(results) {
      const rows = results.map(rowOf)
      // Of two with one key the first is kept, so it is the one whose blobs count.
      const blobs = new Map(results.toReversed().map(({ key, outputs }) => [key, blobRows(outputs)]))
      if (rows.length === 0) return
      const { write } = await open()
      await write(async (tx) => {
        for (const some of portions(rows)) {
          const inserted = await tx.executeQuery<{ key: string }>(insertion(tx, some))
          const named = inserted.rows.flatMap(({ key }) =>
            (blobs.get(key) ?? []).map((blob) => ({ key, ...blob })),
          )
          for (const values of portions(named)) await tx.insertInto('result_blob').values(values).execute()
        }
      })
    },

    async list(limit) {
      await flush()
      const { reader } = await open()
      let query = reader
        .selectFrom('result')
        .select(['key', 'bytes', 'last_used'])
        .orderBy('last_used')
        .orderBy('key')
      if (limit !== undefined) query = query.limit(limit)
      const rows = await query.execute()
      const blobs = await blobsOf(reader, rows)
      return rows.map(({ key, bytes, last_used }) => {
        return { key, bytes, lastUsed: last_used, blobs: blobs.get(key) ?? [] }
      })
    },
  }
}

function insertUnlessThere(tx: Transaction<Tables>, rows: ResultTable[]): CompiledQuery {
  return tx
    .insertInto('result')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .compile()
}

function valuesOf(row: ResultTable): readonly unknown[] {
  const { key, node_type, body, ms, bytes, made_at, last_used, checksum } = row
  return [key, node_type, body, ms, bytes, made_at, last_used, checksum]
}

function selectByKey(reader: Kysely<Tables>, keys: string[]): CompiledQuery {
  return reader.selectFrom('result').selectAll().where('key', 'in', keys).compile()
}

async function blobsOf(
  reader: OpenDatabase['reader'],
  results: readonly { key: string }[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const some of portions(results.map(({ key }) => key))) {
    const rows = await reader
      .selectFrom('result_blob')
      .select(['key', 'hash'])
      .where('key', 'in', some)
      .execute()
    for (const { key, hash } of rows) found.set(key, [...(found.get(key) ?? []), hash])
  }
  return found
}

function rowOf({ key, nodeType, outputs, notes, ms, bytes, madeAt }: CachedResult): ResultTable {
  const body = JSON.stringify({ outputs, notes })
  const row = { key, node_type: nodeType, body, ms, bytes, made_at: madeAt, last_used: madeAt }
  return { ...row, checksum: checksumOf(row) }
}

function resultOf(row: ResultTable): CachedResult {
  const { outputs, notes }: Pick<CachedResult, 'outputs' | 'notes'> = JSON.parse(row.body)
  const { key, ms, bytes } = row
  const result = { key, nodeType: row.node_type, outputs, ms, bytes, madeAt: row.made_at }
  return notes === undefined ? result : { ...result, notes }
}

function checksumOf({ key, node_type, body }: Pick<ResultTable, 'key' | 'node_type' | 'body'>): number {
  return checksum(`${key}|${node_type}|${body}`)
}
