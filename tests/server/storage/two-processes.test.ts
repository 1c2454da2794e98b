import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { anna, newRun } from '../../storage-suite.ts'
import type { Hammered } from './hammer.ts'
import { temporaryFolder } from './temporary-home.ts'

const script = fileURLToPath(new URL('hammer.ts', import.meta.url))
const rounds = 40

async function start(home: string, name: string): Promise<ChildProcess> {
  const child = fork(script, [home, name, String(rounds)], { execArgv: ['--import', 'tsx'] })
  await once(child, 'message')
  return child
}

async function hammered(child: ChildProcess): Promise<Hammered> {
  const exit = once(child, 'exit')
  const told: Hammered[] = []
  child.on('message', (message: Hammered) => told.push(message))
  child.send('go')
  const [code] = await exit
  const [stats] = told
  if (stats === undefined) throw new Error(`A hammering process ended with ${code} and told nothing.`)
  return stats
}

describe('two processes on one home', () => {
  test('lose nothing, never meet a busy database, and retry a bounded number of times', async () => {
    const home = join(await temporaryFolder(), 'home')
    const storage = openStorage(home)
    await storage.journal.create(newRun('wanted', { createdAt: 1 }), [], anna, 9)
    const children = await Promise.all(['left', 'right'].map((name) => start(home, name)))
    const stats = await Promise.all(children.map(hammered))

    for (const name of ['left', 'right']) {
      const entries = await storage.journal.read(`run-${name}`)
      expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: rounds * 2 }, (_, at) => at + 1))
      for (const { event } of entries) {
        const output = event.type === 'step.done' ? event.outputs.image : undefined
        if (output && 'value' in output) expect(output.value).toMatchObject({ blob: expect.any(String) })
      }
    }
    expect(await storage.results.list()).toHaveLength(rounds * 1.5)
    expect((await storage.journal.head('wanted'))?.holder?.epoch).toBe(1 + rounds * 2)
    expect(await storage.workflows.versions('wanted')).toHaveLength(rounds * 2)
    for (const hash of await storage.references()) expect(await storage.blobs.get(hash)).toBeDefined()
    expect(await storage.references()).toHaveProperty('size', rounds * 1.5)

    // Whether they collide at all depends on the disk; busy.test.ts makes them.
    expect(stats.map(({ givenUp }) => givenUp)).toEqual([0, 0])
    for (const { retries, mostRetries, commits } of stats) {
      expect(mostRetries).toBeLessThanOrEqual(retries)
      expect(mostRetries).toBeLessThan(400)
      expect(commits).toBeGreaterThanOrEqual(rounds)
    }
    await storage.close()
  })
})
