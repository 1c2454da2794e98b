import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { anna, newRun, result, started } from '../../storage-suite.ts'
import { temporaryFolder } from './temporary-home.ts'

async function freshHome(): Promise<string> {
  return join(await temporaryFolder(), 'some', 'home')
}

describe('opening a home', () => {
  test('touches nothing before the first use', async () => {
    const folder = await temporaryFolder()
    await openStorage(join(folder, 'home')).close()
    expect(await readdir(folder)).toEqual([])
  })

  test('makes a fresh one that only its owner can read', async () => {
    const home = await freshHome()
    const storage = openStorage(home)
    await storage.ready()
    expect((await readdir(home)).sort()).toEqual(expect.arrayContaining(['blobs', 'planograph.db', 'tmp']))
    if (process.platform !== 'win32') expect((await stat(home)).mode & 0o777).toBe(0o700)
    await storage.close()
  })

  test('finds what was kept before', async () => {
    const home = await freshHome()
    const first = openStorage(home)
    await first.journal.create(newRun('a'), [started('one')], anna, 9)
    await first.results.put([result('k')])
    const hash = await first.blobs.put(Buffer.from('abc'))
    await first.workflows.save({ id: 'w', name: 'W', text: '{}', savedAt: 1 })
    await first.close()
    const again = openStorage(home)
    expect(await again.journal.read('a')).toHaveLength(1)
    expect(await again.results.get('k')).toEqual(result('k'))
    expect(await again.blobs.has(hash)).toBe(true)
    expect(await again.workflows.list()).toHaveLength(1)
    await again.close()
  })

  test('at once from several sides makes one home that all use', async () => {
    const home = await freshHome()
    const storages = Array.from({ length: 6 }, () => openStorage(home))
    await Promise.all(storages.map((storage, at) => storage.journal.create(newRun(`run-${at}`), [], anna, 9)))
    expect(await storages[0]?.journal.list()).toHaveLength(6)
    await Promise.all(storages.map((storage) => storage.close()))
  })

  test('removes leftovers of a crash from tmp once they are an hour old', async () => {
    const home = await freshHome()
    await mkdir(join(home, 'tmp'), { recursive: true })
    for (const name of ['old', 'young']) await writeFile(join(home, 'tmp', name), 'half a pict')
    const twoHoursAgo = new Date(Date.now() - 7_200_000)
    await utimes(join(home, 'tmp', 'old'), twoHoursAgo, twoHoursAgo)
    const storage = openStorage(home)
    await storage.ready()
    expect(await readdir(join(home, 'tmp'))).toEqual(['young'])
    await storage.close()
  })

  test('keeps its uses in one file once it is closed', async () => {
    const home = await freshHome()
    const storage = openStorage(home)
    await storage.journal.create(newRun('a'), [started('one')], anna, 9)
    await storage.close()
    await mkdir(join(home, 'copy'))
    await writeFile(join(home, 'copy', 'planograph.db'), await readFile(join(home, 'planograph.db')))
    const copy = openStorage(join(home, 'copy'))
    expect(await copy.journal.read('a')).toHaveLength(1)
    await copy.close()
  })
})

test('closing a home twice is no error', async () => {
  const storage = openStorage(await freshHome())
  await storage.ready()
  await storage.close()
  await expect(storage.close()).resolves.toBeUndefined()
})

describe('a home is refused', () => {
  test('when a newer program wrote it, and stays as it was', async () => {
    const home = await freshHome()
    const older = openStorage(home)
    await older.ready()
    await older.close()
    const database = new Database(join(home, 'planograph.db'))
    database.exec(`update meta set value = '99' where name = 'schema'`)
    const refused = openStorage(home)
    await expect(refused.journal.list()).rejects.toMatchObject({
      class: 'blocked',
      code: 'home-newer',
      message: expect.stringContaining('99'),
      hint: expect.stringContaining('Update Planograph'),
    })
    await refused.close()
    expect(database.prepare('select value from meta').all()).toEqual([{ value: '99' }])
    database.close()
  })

  test('when it is a file', async () => {
    const home = join(await temporaryFolder(), 'home')
    await writeFile(home, 'not a folder')
    await expect(openStorage(home).ready()).rejects.toMatchObject({ class: 'blocked', code: 'home-unusable' })
    await expect(openStorage(home).blobs.put(Buffer.from('abc'))).rejects.toMatchObject({
      code: 'home-unusable',
    })
    expect(await readFile(home, 'utf8')).toBe('not a folder')
  })

  test('when its database is a folder', async () => {
    const home = await freshHome()
    await mkdir(join(home, 'planograph.db'), { recursive: true })
    await expect(openStorage(home).ready()).rejects.toMatchObject({ code: 'home-unusable' })
  })

  test('when its database is no database', async () => {
    const home = await freshHome()
    await mkdir(home, { recursive: true })
    await writeFile(join(home, 'planograph.db'), 'x'.repeat(5_000))
    const refused = openStorage(home)
    await expect(refused.ready()).rejects.toMatchObject({ class: 'invalid', code: 'database-damaged' })
    await refused.close()
    expect(await readFile(join(home, 'planograph.db'), 'utf8')).toBe('x'.repeat(5_000))
  })

  test('and taken when what was wrong is put right', async () => {
    const home = join(await temporaryFolder(), 'home')
    await writeFile(home, 'not a folder')
    const storage = openStorage(home)
    await expect(storage.ready()).rejects.toThrow(home)
    await rm(home)
    await storage.ready()
    await storage.close()
  })
})
