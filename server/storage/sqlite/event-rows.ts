import type { Transaction } from 'kysely'
import { PlanographError } from '../../../runtime/errors.ts'
import type { RunEvent, StepRef } from '../../../runtime/run/events.ts'
import { stepName } from '../../../runtime/run/events.ts'
import type { JournalEntry } from '../../../runtime/storage.ts'
import type { BlobRow } from './blob-rows.ts'
import { blobRows } from './blob-rows.ts'
import { checksum, eventChecksum } from './checksum.ts'
import { portions, repeatedStatement } from './repeated-statement.ts'
import type { EventTable, Tables } from './tables.ts'

/** Events made ready outside of the transaction, which is kept short. */
export interface PreparedEvents {
  bodies: { type: string; body: string; sum: number }[]
  blobs: BlobRow[]
}

export function prepareEvents(events: readonly RunEvent[]): PreparedEvents {
  const bodies = events.map((event) => {
    const body = JSON.stringify(event)
    return { type: event.type, body, sum: checksum(body) }
  })
  return { bodies, blobs: blobRows(events) }
}

/** Writes events after `seq`; answers the last one's. */
export type InsertEvents = (
  tx: Transaction<Tables>,
  run: string,
  epoch: number,
  seq: number,
  events: PreparedEvents,
) => Promise<number>

export function eventInserter(): InsertEvents {
  const insertion = repeatedStatement(
    (tx: Transaction<Tables>, rows: EventTable[]) => tx.insertInto('event').values(rows).compile(),
    (row) => [row.run, row.seq, row.epoch, row.type, row.body, row.checksum],
  )
  return async (tx, run, epoch, seq, { bodies, blobs }) => {
    const rows = bodies.map(({ type, body, sum }, at) => {
      const own = seq + at + 1
      return { run, seq: own, epoch, type, body, checksum: eventChecksum(sum, run, own, epoch) }
    })
    for (const some of portions(rows)) await tx.executeQuery(insertion(tx, some))
    for (const some of portions(blobs))
      await tx
        .insertInto('event_blob')
        .values(some.map((blob) => ({ run, ...blob })))
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    return seq + bodies.length
  }
}

/** The entry in a row that is whole and is the expected one; anything else throws `journal-damaged`. */
export function entryOf(row: EventTable | undefined, run: string, seq: number): JournalEntry {
  if (row?.seq !== seq) throw damaged(run, seq, 'is missing')
  if (row.checksum !== eventChecksum(checksum(row.body), run, seq, row.epoch))
    throw damaged(run, seq, `was changed${stepIn(row.body)}`)
  return { seq, epoch: row.epoch, event: JSON.parse(row.body) }
}

function damaged(run: string, seq: number, what: string): PlanographError {
  return new PlanographError('invalid', `The journal of run ${run} is damaged: event ${seq} ${what}.`, {
    code: 'journal-damaged',
    hint: 'This run cannot be continued. Start it again: steps whose results are in the cache are not computed anew.',
    details: { run, seq },
  })
}

/** Which step a damaged event seems to be about, as a help for the reader. */
function stepIn(body: string): string {
  try {
    const event: { step?: Partial<StepRef> } = JSON.parse(body)
    const { node, index = '', round = 1 } = event.step ?? {}
    return node === undefined ? '' : `; it seems to be about step ${stepName({ node, index, round })}`
  } catch {
    return ''
  }
}
