import type { Selectable, Transaction } from 'kysely'
import type { Held, Holder, Journal, JournalEntry, RunFilter, RunHead } from '../../../runtime/storage.ts'
import { Fenced, runExists, runMissing } from '../../../runtime/storage.ts'
import { entryOf, eventInserter, prepareEvents } from './event-rows.ts'
import type { OpenDatabase } from './open-database.ts'
import type { RunTable, Tables } from './tables.ts'

type RunRow = Selectable<RunTable>

const nobody = { pid: null, host: null, started: null, heartbeat: null, expiry: null }
/** Rows read before others get their turn. */
const page = 2_000

export function sqliteJournal(open: () => Promise<OpenDatabase>, now: () => number): Journal {
  const insertEvents = eventInserter()

  return {
    async create({ id, workflowId, name, status, createdAt }, events, { pid, host, started }, expiry) {
      const prepared = prepareEvents(events)
      const at = now()
      const held = { epoch: 1, pid, host, started, heartbeat: at, expiry }
      const head = { id, workflow_id: workflowId, name, status, created_at: createdAt, updated_at: at }
      const { write } = await open()
      await write(async (tx) => {
        if (await runRow(tx, id)) throw runExists(id)
        await tx
          .insertInto('run')
          .values({ ...head, ...held, seq: events.length })
          .execute()
        await insertEvents(tx, id, 1, 0, prepared)
      })
    },

    async append(id, epoch, events, status, after) {
      const prepared = prepareEvents(events)
      const { write } = await open()
      return await write(async (tx) => {
        const run = await runRow(tx, id)
        if (run === undefined) throw runMissing(id)
        if (run.epoch !== epoch || run.pid === null) throw new Fenced(id)
        if (after !== undefined && run.seq !== after) return run.seq
        const seq = await insertEvents(tx, id, epoch, run.seq, prepared)
        await tx.updateTable('run').set({ status, seq, updated_at: now() }).where('id', '=', id).execute()
        return seq
      })
    },

    async read(id, after = 0) {
      const { reader } = await open()
      const last = (await runRow(reader, id))?.seq ?? 0
      const entries: JournalEntry[] = []
      for (let seq = after; seq < last; seq = after + entries.length) {
        const rows = await reader
          .selectFrom('event')
          .selectAll()
          .where('run', '=', id)
          .where('seq', '>', seq)
          .orderBy('seq')
          .limit(page)
          .execute()
        // An event that is not there is damage, unless the run was deleted a moment ago.
        if (rows.length === 0 && (await runRow(reader, id)) === undefined) return []
        for (const row of rows) entries.push(entryOf(row, id, after + entries.length + 1))
        if (rows.length === 0) entryOf(undefined, id, seq + 1)
        if (rows.length === page) await new Promise((resolve) => setImmediate(resolve))
      }
      return entries
    },

    async head(id) {
      const { reader } = await open()
      const row = await runRow(reader, id)
      return row && headOf(row)
    },

    async list(filter = {}) {
      const { reader } = await open()
      const rows = await runsMatching(reader, filter).execute()
      return rows.map(headOf)
    },

    async acquire(id, { pid, host, started }, at, expiry, alive) {
      const { write } = await open()
      return await write(async (tx) => {
        const run = await runRow(tx, id)
        if (run === undefined) throw runMissing(id)
        const holder = heldOf(run)
        if (holder !== undefined && alive(holder)) return { ok: false as const, holder }
        const epoch = run.epoch + 1
        await tx
          .updateTable('run')
          .set({ epoch, pid, host, started, heartbeat: at, expiry })
          .where('id', '=', id)
          .execute()
        return { ok: true as const, epoch }
      })
    },

    async heartbeat(id, epoch, at, expiry) {
      const { write } = await open()
      return await write(async (tx) => {
        const changed = await tx
          .updateTable('run')
          .set({ heartbeat: at, expiry })
          .where('id', '=', id)
          .where('epoch', '=', epoch)
          .where('pid', 'is not', null)
          .executeTakeFirst()
        return changed.numUpdatedRows > 0n
      })
    },

    async release(id, epoch) {
      const { write } = await open()
      await write((tx) =>
        tx.updateTable('run').set(nobody).where('id', '=', id).where('epoch', '=', epoch).execute(),
      )
    },

    async delete(id) {
      const { write } = await open()
      await write((tx) => tx.deleteFrom('run').where('id', '=', id).execute())
    },
  }
}

type Asked = OpenDatabase['reader'] | Transaction<Tables>

function runRow(database: Asked, id: string): Promise<RunRow | undefined> {
  return database.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst()
}

function runsMatching(database: Asked, { workflowId, status, before, limit }: RunFilter) {
  let query = database.selectFrom('run').selectAll()
  if (workflowId !== undefined) query = query.where('workflow_id', '=', workflowId)
  if (status !== undefined) query = query.where('status', 'in', [...status])
  if (before !== undefined)
    query = query.where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('created_at', 'id'),
        '<',
        selectFrom('run as mark')
          .select(['mark.created_at', 'mark.id'])
          .where('mark.id', '=', before)
          .$asTuple('created_at', 'id'),
      ),
    )
  if (limit !== undefined) query = query.limit(limit)
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc')
}

function headOf(row: RunRow): RunHead {
  const { id, name, status, seq } = row
  const times = { createdAt: row.created_at, updatedAt: row.updated_at }
  const head = { id, workflowId: row.workflow_id, name, status, ...times, seq }
  const holder = heldOf(row)
  return holder === undefined ? head : { ...head, holder }
}

function heldOf({ pid, host, started, epoch, heartbeat, expiry }: RunRow): Held | undefined {
  if (pid === null || host === null || started === null || heartbeat === null || expiry === null)
    return undefined
  const holder: Holder = { pid, host, started }
  return { ...holder, epoch, heartbeat, expiry }
}
