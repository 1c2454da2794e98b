import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import type { StorageOptions } from '../../../server/storage/open-storage.ts'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { anna, newRun, started } from '../../storage-suite.ts'
import { temporaryFolder } from './temporary-home.ts'

/** A storage, and another program that holds its write lock until `letGo`. */
async function busyStorage(patience: StorageOptions['patience']) {
  const home = join(await temporaryFolder(), 'home')
  const storage = openStorage(home, { patience })
  await storage.journal.create(newRun('a'), [], anna, 9)
  const other = new Database(join(home, 'planograph.db'))
  other.exec('begin immediate')
  return { storage, letGo: () => other.exec('commit') }
}

describe('while another program writes', () => {
  test('a write waits, is counted, and is done when the database is free', async () => {
    let pauses = 0
    const { storage, letGo } = await busyStorage({
      sleep: async () => {
        pauses += 1
        if (pauses === 3) letGo()
      },
    })
    expect(await storage.journal.append('a', 1, [started('one')], 'running')).toBe(1)
    expect(storage.stats).toMatchObject({ retries: 3, mostRetries: 3, givenUp: 0, commits: 2 })
    await storage.close()
  })

  test('pauses grow, with jitter, up to a limit', async () => {
    const pauses: number[] = []
    const { storage, letGo } = await busyStorage({
      random: () => 1,
      sleep: async (ms) => {
        pauses.push(ms)
        if (pauses.length === 8) letGo()
      },
    })
    await storage.journal.append('a', 1, [], 'running')
    expect(pauses).toEqual([3, 5, 9, 17, 33, 41, 41, 41])
    await storage.close()
  })

  test('reading does not wait', async () => {
    const { storage, letGo } = await busyStorage({})
    expect(await storage.journal.head('a')).toMatchObject({ seq: 0 })
    letGo()
    await storage.close()
  })

  test('a write gives up after its time with a plain word and has written nothing', async () => {
    const { storage, letGo } = await busyStorage({ giveUpAfterMs: 60, sleep: async () => {} })
    const write = storage.journal.append('a', 1, [started('one')], 'running')
    await expect(write).rejects.toMatchObject({ class: 'timeout', code: 'database-busy', retry: true })
    expect(storage.stats.givenUp).toBe(1)
    letGo()
    expect(await storage.journal.head('a')).toMatchObject({ seq: 0, status: 'queued' })
    expect(await storage.journal.append('a', 1, [started('one')], 'running')).toBe(1)
    await storage.close()
  })

  test('a fresh home waits for whoever is making it', async () => {
    const home = join(await temporaryFolder(), 'home')
    const first = openStorage(home)
    await first.ready()
    const maker = new Database(join(home, 'planograph.db'))
    maker.exec('begin immediate; drop table meta')
    let pauses = 0
    const second = openStorage(home, {
      patience: {
        sleep: async () => {
          pauses += 1
          if (pauses === 2) maker.exec('rollback')
        },
      },
    })
    await second.journal.create(newRun('a'), [], anna, 9)
    expect(pauses).toBe(2)
    await Promise.all([first.close(), second.close()])
  })
})
