import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../server/storage/sqlite/open-database.ts'
import { usualPatience } from '../../../server/storage/sqlite/patience.ts'
import { temporaryFolder } from './temporary-home.ts'

test('when the database undoes a whole commit, as a full disk does, every write in it fails', async () => {
  const home = await temporaryFolder()
  const stats = { retries: 0, mostRetries: 0, givenUp: 0 }
  const path = join(home, 'planograph.db')
  const database = await openDatabase({ home, path, patience: usualPatience, stats, committed: () => {} })
  const put = (name: string) =>
    database.write((tx) => tx.insertInto('meta').values({ name, value: '1' }).execute())
  const writes = await Promise.allSettled([
    put('before'),
    database.write(async (tx) => {
      await sql`rollback`.execute(tx)
      throw new Error('disk full')
    }),
    put('after'),
  ])
  for (const write of writes) expect(write).toMatchObject({ reason: { message: 'disk full' } })
  await put('later')
  const kept = await database.reader.selectFrom('meta').select('name').orderBy('name').execute()
  expect(kept.map(({ name }) => name)).toEqual(['later', 'schema'])
  await database.close()
})
