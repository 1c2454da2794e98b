import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fenced } from '../../../runtime/storage.ts'
import type { HomeStorage } from '../../../server/storage/open-storage.ts'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { anna, ben, newRun, result, started } from '../../storage-suite.ts'
import { temporaryFolder } from './temporary-home.ts'

async function storageWithRuns(count: number): Promise<{ storage: HomeStorage; before: number }> {
  const storage = openStorage(join(await temporaryFolder(), 'home'))
  for (let at = 0; at < count; at += 1) await storage.journal.create(newRun(`run-${at}`), [], anna, 9)
  return { storage, before: storage.stats.commits }
}

describe('commits', () => {
  test('one append of many events is one', async () => {
    const { storage, before } = await storageWithRuns(1)
    const events = Array.from({ length: 1_000 }, (_, at) => started(`node-${at}`))
    await storage.journal.append('run-0', 1, events, 'running')
    expect(storage.stats.commits - before).toBe(1)
    await storage.close()
  })

  test('writes of many runs at once share them', async () => {
    const { storage, before } = await storageWithRuns(20)
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        storage.journal.append(`run-${at}`, 1, [started('one')], 'running'),
      ),
    )
    expect(storage.stats.commits - before).toBeLessThanOrEqual(2)
    await storage.close()
  })

  test('a write that is refused takes none of its neighbours with it', async () => {
    const { storage } = await storageWithRuns(3)
    await storage.journal.acquire('run-1', ben, 5, 10, () => false)
    const writes = await Promise.allSettled(
      [0, 1, 2].map((at) => storage.journal.append(`run-${at}`, 1, [started('one')], 'running')),
    )
    expect(writes.map((write) => write.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(writes[1]).toMatchObject({ reason: expect.any(Fenced) })
    expect((await storage.journal.list()).map((run) => run.seq)).toEqual([1, 0, 1])
    await storage.close()
  })

  test('a write that fails half way leaves nothing of itself', async () => {
    const { storage } = await storageWithRuns(1)
    const many = Array.from({ length: 500 }, (_, at) => result(`key-${at}`))
    const broken = { ...result('broken'), nodeType: undefined }
    // @ts-expect-error: what a program that is wrong would hand in
    await expect(storage.results.put([...many, broken])).rejects.toThrow()
    expect(await storage.results.list()).toEqual([])
    await storage.close()
  })

  test('made one after the other let the rest of the process have its turn', async () => {
    const { storage } = await storageWithRuns(1)
    let turns = 0
    const clock = setInterval(() => {
      turns += 1
    }, 0)
    for (let at = 0; at < 20; at += 1) await storage.journal.append('run-0', 1, [], 'running')
    clearInterval(clock)
    expect(turns).toBeGreaterThan(0)
    await storage.close()
  })

  test('reads make none, not even the noting of used results', async () => {
    const { storage } = await storageWithRuns(1)
    await storage.results.put([result('k', { madeAt: Date.now() })])
    const before = storage.stats.commits
    await storage.results.get('k')
    await storage.results.list()
    await storage.journal.list()
    expect(storage.stats.commits).toBe(before)
    await storage.close()
  })
})
