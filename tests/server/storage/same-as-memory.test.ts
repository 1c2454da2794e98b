import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryStorage } from '../../../runtime/memory/create-memory-storage.ts'
import type { Storage } from '../../../runtime/storage.ts'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { anna, ben, newRun, started } from '../../storage-suite.ts'
import { temporaryFolder } from './temporary-home.ts'

type Act = (storage: Storage) => Promise<unknown>

const run = fc.constantFrom('a', 'b')
const epoch = fc.integer({ min: 1, max: 3 })
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(run, fc.integer({ min: 1, max: 3 })).map(([id, createdAt]): Act => {
    return ({ journal }) => journal.create(newRun(id, { createdAt }), [started('first')], anna, 9)
  }),
  fc
    .tuple(run, epoch, fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }))
    .map(([id, at, nodes]): Act => {
      return ({ journal }) => journal.append(id, at, nodes.map(started), 'running')
    }),
  fc.tuple(run, fc.boolean()).map(([id, alive]): Act => {
    return ({ journal }) => journal.acquire(id, ben, 5, 10, () => alive)
  }),
  fc.tuple(run, epoch).map(
    ([id, at]): Act =>
      ({ journal }) =>
        journal.heartbeat(id, at, 20, 30),
  ),
  fc.tuple(run, epoch).map(
    ([id, at]): Act =>
      ({ journal }) =>
        journal.release(id, at),
  ),
  run.map(
    (id): Act =>
      ({ journal }) =>
        journal.delete(id),
  ),
  fc.tuple(run, fc.option(epoch), fc.json()).map(([id, expected, text]): Act => {
    return ({ workflows }) => workflows.save({ id, name: id, text, savedAt: 7 }, expected ?? undefined)
  }),
)

async function outcome(act: Act, storage: Storage): Promise<unknown> {
  try {
    return { answer: await act(storage) }
  } catch (error) {
    return { thrown: error instanceof Error ? error.message : error }
  }
}

async function contents({ journal, workflows }: Storage): Promise<unknown> {
  return {
    runs: await journal.list(),
    events: [await journal.read('a'), await journal.read('b', 1)],
    workflows: [await workflows.list(), await workflows.get('a'), await workflows.versions('b')],
  }
}

test('whatever is done, the home folder answers and holds what the memory does', async () => {
  const folder = await temporaryFolder()
  let homes = 0
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 14 }), async (acts) => {
      homes += 1
      const now = () => 1_000
      const kept = openStorage(join(folder, `home-${homes}`), { now })
      const memory = createMemoryStorage({ now })
      const seen = async (storage: Storage) => {
        const outcomes = []
        for (const each of acts) outcomes.push(await outcome(each, storage))
        return { outcomes, contents: await contents(storage) }
      }
      expect(await seen(kept)).toEqual(await seen(memory))
      await kept.close()
    }),
    { numRuns: 25 },
  )
})
