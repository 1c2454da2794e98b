import type { Transaction } from 'kysely'
import type { WorkflowStore } from '../../../runtime/storage.ts'
import { blobRows } from './blob-rows.ts'
import type { OpenDatabase } from './open-database.ts'
import type { Tables } from './tables.ts'

export function sqliteWorkflows(open: () => Promise<OpenDatabase>): WorkflowStore {
  return {
    async get(id, version) {
      const { reader } = await open()
      let query = reader.selectFrom('workflow_version').selectAll().where('id', '=', id)
      if (version !== undefined) query = query.where('version', '=', version)
      const row = await query.orderBy('version', 'desc').limit(1).executeTakeFirst()
      return row && { ...headOf(row), text: row.text }
    },

    async save({ id, name, text, savedAt }, expected) {
      const { write } = await open()
      return await write(async (tx) => {
        const present = await presentVersion(tx, id)
        if (expected !== undefined && expected !== present) return undefined
        const head = { name, version: present + 1, saved_at: savedAt }
        await tx
          .insertInto('workflow')
          .values({ id, ...head })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(head))
          .execute()
        await tx
          .insertInto('workflow_version')
          .values({ id, text, ...head })
          .execute()
        await keepBlobs(tx, id, text)
        return { id, name, text, version: head.version, savedAt }
      })
    },

    async list() {
      const { reader } = await open()
      const rows = await reader
        .selectFrom('workflow')
        .selectAll()
        .orderBy('saved_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(headOf)
    },

    async versions(id) {
      const { reader } = await open()
      const rows = await reader
        .selectFrom('workflow_version')
        .select(['id', 'name', 'version', 'saved_at'])
        .where('id', '=', id)
        .orderBy('version', 'desc')
        .execute()
      return rows.map(headOf)
    },

    async delete(id) {
      const { write } = await open()
      await write((tx) => tx.deleteFrom('workflow').where('id', '=', id).execute())
    },
  }
}

async function presentVersion(tx: Transaction<Tables>, id: string): Promise<number> {
  const row = await tx.selectFrom('workflow').select('version').where('id', '=', id).executeTakeFirst()
  return row?.version ?? 0
}

async function keepBlobs(tx: Transaction<Tables>, id: string, text: string): Promise<void> {
  const rows = blobRows(parsed(text)).map((blob) => ({ id, ...blob }))
  if (rows.length === 0) return
  await tx
    .insertInto('workflow_blob')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Any text can be kept; one that is no JSON names no blobs. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function headOf(row: { id: string; name: string; version: number; saved_at: number }) {
  return { id: row.id, name: row.name, version: row.version, savedAt: row.saved_at }
}
