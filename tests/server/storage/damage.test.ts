import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import type { HomeStorage } from '../../../server/storage/open-storage.ts'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { anna, bytesOf, newRun, result, started } from '../../storage-suite.ts'
import { temporaryFolder } from './temporary-home.ts'

/** A home with one run of three events and one cached result, after somebody ran `sql` on its database. */
async function spoiledBy(sql: string): Promise<HomeStorage> {
  const home = join(await temporaryFolder(), 'home')
  const whole = openStorage(home)
  await whole.journal.create(newRun('a'), [started('one'), started('two'), started('three')], anna, 9)
  await whole.results.put([result('k')])
  await whole.close()
  const database = new Database(join(home, 'planograph.db'))
  database.exec(sql)
  database.close()
  return openStorage(home)
}

describe('a damaged event', () => {
  test.each([
    ['a changed body', `update event set body = replace(body, 'two', 'six') where seq = 2`, 'step six'],
    ['a cut body', `update event set body = substr(body, 1, 20) where seq = 2`, 'event 2 was changed'],
    ['an emptied body', `update event set body = '' where seq = 2`, 'event 2 was changed'],
    ['a changed epoch', `update event set epoch = 7 where seq = 2`, 'event 2 was changed'],
    ['a changed checksum', `update event set checksum = checksum + 1 where seq = 2`, 'step two'],
    ['a missing row', 'delete from event where seq = 2', 'event 2 is missing'],
    ['a missing end', 'delete from event where seq > 1', 'event 2 is missing'],
  ])('with %s is reported with run and event, and not believed', async (_, sql, message) => {
    const storage = await spoiledBy(sql)
    await expect(storage.journal.read('a')).rejects.toMatchObject({
      class: 'invalid',
      code: 'journal-damaged',
      message: expect.stringContaining(message),
      details: { run: 'a', seq: 2 },
    })
    await storage.close()
  })

  test('whose row holds another whole event is not believed', async () => {
    const storage = await spoiledBy(
      `update event set body = (select body from event where seq = 3), checksum = (select checksum from event where seq = 3) where seq = 2`,
    )
    await expect(storage.journal.read('a')).rejects.toThrow('event 2 was changed')
    await storage.close()
  })

  test('does not keep the events after it from being read', async () => {
    const storage = await spoiledBy(`update event set body = '' where seq = 1`)
    expect((await storage.journal.read('a', 1)).map((entry) => entry.seq)).toEqual([2, 3])
    await storage.close()
  })
})

test('a damaged cached result is a miss, and the next one put is kept', async () => {
  const storage = await spoiledBy(`update result set body = replace(body, 'k', 'x')`)
  expect(await storage.results.get('k')).toBeUndefined()
  await storage.results.put([result('k')])
  expect(await storage.results.get('k')).toEqual(result('k'))
  await storage.close()
})

test('one flipped bit in the newest blob is noticed', async () => {
  const home = join(await temporaryFolder(), 'home')
  const storage = openStorage(home)
  const hash = await storage.blobs.put(bytesOf('a picture'))
  const folder = join(home, 'blobs', hash.slice(0, 2))
  const [name = ''] = await readdir(folder)
  const bytes = await readFile(join(folder, name))
  bytes.writeUInt8(bytes.readUInt8(4) ^ 1, 4)
  await writeFile(join(folder, name), bytes)
  await expect(storage.blobs.get(hash)).rejects.toMatchObject({
    code: 'blob-damaged',
    details: { blob: hash },
  })
})
