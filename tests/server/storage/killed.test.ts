import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { blobsIn } from '../../../runtime/values.ts'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { temporaryFolder } from './temporary-home.ts'

const script = fileURLToPath(new URL('killed-at.ts', import.meta.url))

/** What the process told before it was killed, or all of it when the point lies behind its end. */
async function toldUntil(home: string, point: number): Promise<unknown[]> {
  const child = fork(script, [home, String(point)], { execArgv: ['--import', 'tsx'] })
  const told: unknown[] = []
  child.on('message', (message) => told.push(message))
  await once(child, 'close')
  return told
}

/** Creating takes 1 commit, the blob 6 operations on files, the step 1 commit. */
const points = [0, 1, 2, 3, 4, 5, 6, 7]

describe.concurrent('a process that is killed', () => {
  test.each(points)(
    'after %i durable operations has lost nothing that it told, and left nothing half-written',
    async (point) => {
      const home = join(await temporaryFolder(), 'home')
      const told = await toldUntil(home, point)
      const storage = openStorage(home)
      const entries = await storage.journal.read('a')
      const nodes = entries.map(({ event }) => (event.type === 'step.done' ? event.step.node : event.type))
      expect(['paint']).toEqual(expect.arrayContaining(nodes))
      expect(['created', ...nodes]).toEqual(expect.arrayContaining(told))
      if (told.includes('created'))
        expect(await storage.journal.head('a')).toMatchObject({ seq: nodes.length })
      for (const { blob } of blobsIn(entries)) expect(await storage.blobs.get(blob)).toBeDefined()
      for await (const { hash } of storage.blobs.list()) await storage.blobs.get(hash)
      await storage.close()
    },
  )

  test('after all of them has told and kept everything', async () => {
    const home = join(await temporaryFolder(), 'home')
    expect(await toldUntil(home, 1_000)).toEqual(['created', 'paint'])
  })
})
