import { describe, expect, test } from 'vitest'
import { createMemoryStorage } from '../../../runtime/memory/create-memory-storage.ts'
import type { FaultPlan } from '../../../runtime/memory/with-faults.ts'
import { withFaults } from '../../../runtime/memory/with-faults.ts'
import { anna, bytesOf, newRun, result, started, storageSuite } from '../../storage-suite.ts'

const at =
  (call: string, fault: ReturnType<FaultPlan>): FaultPlan =>
  (operation) =>
    operation.call === call ? fault : undefined

async function storageWith(plan: FaultPlan) {
  const kept = createMemoryStorage()
  await kept.journal.create(newRun('a'), [started('first')], anna, 9_000)
  return { kept, storage: withFaults(kept, plan) }
}

storageSuite('memory behind a plan without faults', async () =>
  createMemoryStorage({ faults: () => undefined }),
)

describe('a fault plan', () => {
  test('that throws keeps the call from happening', async () => {
    const { kept, storage } = await storageWith(() => {
      throw new Error('crashed')
    })
    await expect(storage.journal.append('a', 1, [started('second')], 'running')).rejects.toThrow('crashed')
    expect((await kept.journal.head('a'))?.seq).toBe(1)
  })

  test('that loses the answer throws after the call was done', async () => {
    const lost = new Error('no answer')
    const { kept, storage } = await storageWith(at('journal.append', { loseAnswer: lost }))
    await expect(storage.journal.append('a', 1, [started('second')], 'running')).rejects.toBe(lost)
    expect((await kept.journal.head('a'))?.seq).toBe(2)
  })

  test('that duplicates has the call done twice and answers as the first time', async () => {
    const { kept, storage } = await storageWith(at('journal.append', { twice: true }))
    expect(await storage.journal.append('a', 1, [started('second')], 'running')).toBe(2)
    expect((await kept.journal.head('a'))?.seq).toBe(3)
  })

  test('that duplicates hides the refusal of the second time', async () => {
    const storage = createMemoryStorage({ faults: at('journal.create', { twice: true }) })
    await expect(storage.journal.create(newRun('b'), [], anna, 9_000)).resolves.toBeUndefined()
  })

  test('that answers a promise delays the call', async () => {
    let letGo = (_: undefined) => {}
    const { kept, storage } = await storageWith(
      at(
        'results.put',
        new Promise((resolve) => {
          letGo = resolve
        }),
      ),
    )
    const put = storage.results.put([result('k')])
    expect(await kept.results.list()).toEqual([])
    letGo(undefined)
    await put
    expect(await kept.results.list()).toHaveLength(1)
  })

  test('is asked about every call, by name and number', async () => {
    const asked: string[] = []
    const storage = createMemoryStorage({
      faults: ({ call, nth }) => {
        asked.push(`${nth} ${call}`)
        return undefined
      },
    })
    await storage.blobs.put(bytesOf('abc'))
    await storage.workflows.list()
    expect(asked).toEqual(['1 blobs.put', '2 workflows.list'])
  })
})
