import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PlanographError } from '../runtime/errors.ts'
import type { RunEvent } from '../runtime/run/events.ts'
import type { CachedResult, Holder, RunHead, Storage } from '../runtime/storage.ts'
import { Fenced } from '../runtime/storage.ts'

export const anna: Holder = { pid: 11, host: 'studio', started: 1_000 }
export const ben: Holder = { pid: 22, host: 'attic', started: 2_000 }

export function newRun(
  id: string,
  changes: Partial<RunHead> = {},
): Omit<RunHead, 'seq' | 'holder' | 'updatedAt'> {
  return {
    id,
    workflowId: 'postcard',
    name: 'Sunset postcard',
    status: 'queued',
    createdAt: 1_000,
    ...changes,
  }
}

export function started(node: string): RunEvent {
  return { type: 'step.started', step: { node, index: '', round: 1 }, attempt: 1, at: 5 }
}

export function done(node: string, blob: string): RunEvent {
  return {
    type: 'step.done',
    step: { node, index: '', round: 1 },
    attempt: 1,
    at: 6,
    ms: 1,
    outputs: { image: { value: { blob, mime: 'image/png', bytes: 3 } }, text: { value: 'Übermut – 海 🌊' } },
  }
}

export function result(key: string, changes: Partial<CachedResult> = {}): CachedResult {
  return {
    key,
    nodeType: 'prompt',
    outputs: { text: { value: key } },
    ms: 3,
    bytes: 0,
    madeAt: 100,
    ...changes,
  }
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

async function listed(storage: Storage): Promise<{ hash: string; bytes: number; modified: number }[]> {
  const found = []
  for await (const blob of storage.blobs.list()) found.push(blob)
  return found
}

const refusal = (code: string) => (error: unknown) => error instanceof PlanographError && error.code === code

/** What every storage must do. `open` gives an empty one each time. */
export function storageSuite(name: string, open: () => Promise<Storage>): void {
  describe(name, () => {
    let storage: Storage
    beforeEach(async () => {
      storage = await open()
    })
    afterEach(() => storage.close())

    describe('journal', () => {
      const create = (id: string, changes?: Partial<RunHead>, events: RunEvent[] = [started('first')]) =>
        storage.journal.create(newRun(id, changes), events, anna, 9_000)

      test('a created run is there with its first events and its holder at epoch 1', async () => {
        await create('a')
        const head = await storage.journal.head('a')
        expect(head).toMatchObject({ ...newRun('a'), seq: 1, holder: { ...anna, epoch: 1, expiry: 9_000 } })
        expect(await storage.journal.read('a')).toEqual([{ seq: 1, epoch: 1, event: started('first') }])
      })

      test('a run can be created without events', async () => {
        await create('a', {}, [])
        expect((await storage.journal.head('a'))?.seq).toBe(0)
        expect(await storage.journal.read('a')).toEqual([])
      })

      test('a second create of the same id is refused and changes nothing', async () => {
        await create('a')
        await expect(create('a', { name: 'Another' })).rejects.toSatisfy(refusal('run-exists'))
        expect(await storage.journal.head('a')).toMatchObject({ name: 'Sunset postcard', seq: 1 })
      })

      test('appended events continue the sequence, set the status and read back unchanged', async () => {
        await create('a')
        const events = [done('first', 'a'.repeat(64)), started('second')]
        expect(await storage.journal.append('a', 1, events, 'running')).toBe(3)
        expect((await storage.journal.read('a')).map((entry) => [entry.seq, entry.event])).toEqual([
          [1, started('first')],
          [2, events[0]],
          [3, events[1]],
        ])
        expect(await storage.journal.head('a')).toMatchObject({ status: 'running', seq: 3 })
      })

      test('appending nothing sets the status and keeps the sequence', async () => {
        await create('a')
        expect(await storage.journal.append('a', 1, [], 'parked')).toBe(1)
        expect(await storage.journal.head('a')).toMatchObject({ status: 'parked', seq: 1 })
      })

      test('thousands of events go into one append', async () => {
        await create('a')
        const events = Array.from({ length: 5_000 }, (_, at) => started(`node-${at}`))
        expect(await storage.journal.append('a', 1, events, 'running')).toBe(5_001)
        expect((await storage.journal.read('a', 5_000)).map((entry) => entry.event)).toEqual([events.at(-1)])
      })

      test('appends made at once lose nothing and leave no gap', async () => {
        await create('a')
        const nodes = Array.from({ length: 20 }, (_, at) => `node-${at}`)
        await Promise.all(
          nodes.map((node) => storage.journal.append('a', 1, [started(node), started(node)], 'running')),
        )
        const entries = await storage.journal.read('a')
        expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 41 }, (_, at) => at + 1))
        expect(new Set(entries.map((entry) => JSON.stringify(entry.event))).size).toBe(21)
      })

      test('an append that is delivered twice is there once', async () => {
        await create('a')
        expect(await storage.journal.append('a', 1, [started('one')], 'running', 1)).toBe(2)
        expect(await storage.journal.append('a', 1, [started('one')], 'running', 1)).toBe(2)
        expect((await storage.journal.read('a', 1)).map((entry) => entry.event)).toEqual([started('one')])
      })

      test('reading after a sequence number gives what came later', async () => {
        await create('a', {}, [started('one'), started('two'), started('three')])
        expect((await storage.journal.read('a', 1)).map((entry) => entry.seq)).toEqual([2, 3])
        expect(await storage.journal.read('a', 3)).toEqual([])
      })

      test('an unknown run has no head and no events, and cannot be appended to or acquired', async () => {
        expect(await storage.journal.head('nobody')).toBeUndefined()
        expect(await storage.journal.read('nobody')).toEqual([])
        expect(await storage.journal.heartbeat('nobody', 1, 1, 2)).toBe(false)
        await expect(storage.journal.append('nobody', 1, [], 'running')).rejects.toSatisfy(
          refusal('run-missing'),
        )
        await expect(storage.journal.acquire('nobody', ben, 1, 2, () => false)).rejects.toSatisfy(
          refusal('run-missing'),
        )
      })

      test('runs are listed newest first, by workflow, by status, page by page', async () => {
        await create('a', { createdAt: 1 })
        await create('b', { createdAt: 3, status: 'done' })
        await create('c', { createdAt: 2, workflowId: 'portrait' })
        await create('d', { createdAt: 2, status: 'failed' })
        const ids = async (filter?: Parameters<Storage['journal']['list']>[0]) =>
          (await storage.journal.list(filter)).map((run) => run.id)
        expect(await ids()).toEqual(['b', 'd', 'c', 'a'])
        expect(await ids({ workflowId: 'portrait' })).toEqual(['c'])
        expect(await ids({ status: ['done', 'failed'] })).toEqual(['b', 'd'])
        expect(await ids({ status: [] })).toEqual([])
        expect(await ids({ limit: 2 })).toEqual(['b', 'd'])
        expect(await ids({ before: 'd', limit: 1 })).toEqual(['c'])
        expect(await ids({ before: 'c', workflowId: 'postcard' })).toEqual(['a'])
        expect(await ids({ before: 'nobody' })).toEqual([])
      })

      test('a listed run carries the same head as the one asked for by id', async () => {
        await create('a')
        expect(await storage.journal.list()).toEqual([await storage.journal.head('a')])
      })

      test('a run held by somebody alive is not given away, and the answer names the holder', async () => {
        await create('a')
        const asked: unknown[] = []
        const answer = await storage.journal.acquire('a', ben, 5, 10, (held) => asked.push(held) > 0)
        expect(answer).toMatchObject({ ok: false, holder: { ...anna, epoch: 1, expiry: 9_000 } })
        expect(asked).toMatchObject([anna])
        expect(await storage.journal.append('a', 1, [started('second')], 'running')).toBe(2)
      })

      test('a run whose holder is gone is taken over, and the old holder is fenced', async () => {
        await create('a')
        expect(await storage.journal.acquire('a', ben, 5, 10, () => false)).toEqual({ ok: true, epoch: 2 })
        expect((await storage.journal.head('a'))?.holder).toEqual({
          ...ben,
          epoch: 2,
          heartbeat: 5,
          expiry: 10,
        })
        await expect(storage.journal.append('a', 1, [started('late')], 'done')).rejects.toBeInstanceOf(Fenced)
        expect(await storage.journal.head('a')).toMatchObject({ status: 'queued', seq: 1 })
        expect(await storage.journal.append('a', 2, [started('second')], 'running')).toBe(2)
        expect((await storage.journal.read('a')).map((entry) => entry.epoch)).toEqual([1, 2])
      })

      test('of many takeovers at once exactly one wins', async () => {
        await create('a')
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, at) =>
            storage.journal.acquire('a', { ...ben, pid: at }, 5, 10, (held) => held.epoch > 1),
          ),
        )
        expect(answers.filter((answer) => answer.ok)).toEqual([{ ok: true, epoch: 2 }])
      })

      test('a heartbeat prolongs the present holder and tells an old one that it lost the run', async () => {
        await create('a')
        expect(await storage.journal.heartbeat('a', 1, 20, 30)).toBe(true)
        expect((await storage.journal.head('a'))?.holder).toMatchObject({ heartbeat: 20, expiry: 30 })
        await storage.journal.acquire('a', ben, 40, 50, () => false)
        expect(await storage.journal.heartbeat('a', 1, 60, 70)).toBe(false)
        expect((await storage.journal.head('a'))?.holder).toMatchObject({ ...ben, expiry: 50 })
      })

      test('a released run has no holder, takes no more from the old one, and is free at a higher epoch', async () => {
        await create('a')
        await storage.journal.release('a', 1)
        expect((await storage.journal.head('a'))?.holder).toBeUndefined()
        expect(await storage.journal.heartbeat('a', 1, 1, 2)).toBe(false)
        await expect(storage.journal.append('a', 1, [], 'done')).rejects.toBeInstanceOf(Fenced)
        expect(await storage.journal.acquire('a', ben, 5, 10, () => true)).toEqual({ ok: true, epoch: 2 })
      })

      test('a fenced holder cannot release the run of its successor', async () => {
        await create('a')
        await storage.journal.acquire('a', ben, 5, 10, () => false)
        await storage.journal.release('a', 1)
        expect((await storage.journal.head('a'))?.holder).toMatchObject(ben)
      })

      test('a deleted run is gone with its events; others stay; its id can be used again', async () => {
        await create('a')
        await create('b')
        await storage.journal.delete('a')
        expect(await storage.journal.head('a')).toBeUndefined()
        expect(await storage.journal.read('a')).toEqual([])
        expect((await storage.journal.list()).map((run) => run.id)).toEqual(['b'])
        await create('a', {}, [started('anew')])
        expect(await storage.journal.read('a')).toMatchObject([{ seq: 1, event: started('anew') }])
      })

      test('deleting a run that is not there is no error', async () => {
        await expect(storage.journal.delete('nobody')).resolves.toBeUndefined()
      })
    })

    describe('results', () => {
      test('a result reads back unchanged, and an unknown key is a miss', async () => {
        const kept = result('k', { notes: ['no effect at CFG 1'], outputs: { n: { items: [{ value: 1 }] } } })
        await storage.results.put([kept])
        expect(await storage.results.get('k')).toEqual(kept)
        expect(await storage.results.get('other')).toBeUndefined()
      })

      test('the first commit wins', async () => {
        await storage.results.put([result('k', { outputs: { text: { value: 'first' } } })])
        await storage.results.put([result('k', { outputs: { text: { value: 'second' } } }), result('l')])
        expect((await storage.results.get('k'))?.outputs).toEqual({ text: { value: 'first' } })
        expect(await storage.results.get('l')).toEqual(result('l'))
      })

      test('putting nothing is no error', async () => {
        await expect(storage.results.put([])).resolves.toBeUndefined()
      })

      test('a result is listed with its size and the blobs it needs', async () => {
        const image = { value: { blob: 'b'.repeat(64), mime: 'image/png', bytes: 7 } }
        await storage.results.put([result('k', { bytes: 7, madeAt: 42, outputs: { image, again: image } })])
        expect(await storage.results.list()).toEqual([
          { key: 'k', bytes: 7, lastUsed: 42, blobs: ['b'.repeat(64)] },
        ])
      })

      test('results are listed least recently used first, and a read is a use', async () => {
        await storage.results.put([
          result('a', { madeAt: 1 }),
          result('b', { madeAt: 2 }),
          result('c', { madeAt: 3 }),
        ])
        await storage.results.get('a')
        expect((await storage.results.list()).map((each) => each.key)).toEqual(['b', 'c', 'a'])
        expect((await storage.results.list(1)).map((each) => each.key)).toEqual(['b'])
      })

      test('deleted results are misses and may be put anew', async () => {
        await storage.results.put([result('a'), result('b')])
        await storage.results.delete(['a', 'nobody'])
        expect(await storage.results.get('a')).toBeUndefined()
        expect(await storage.results.get('b')).toBeDefined()
        await storage.results.put([result('a', { ms: 9 })])
        expect((await storage.results.get('a'))?.ms).toBe(9)
      })
    })

    describe('blobs', () => {
      test('a blob is named by its sha256 and reads back byte for byte', async () => {
        const hash = await storage.blobs.put(bytesOf('abc'))
        expect(hash).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
        expect(Buffer.from((await storage.blobs.get(hash)) ?? []).toString()).toBe('abc')
        expect(await storage.blobs.has(hash)).toBe(true)
      })

      test('the same bytes twice are one blob', async () => {
        const twice = await Promise.all([
          storage.blobs.put(bytesOf('abc')),
          storage.blobs.put(bytesOf('abc')),
        ])
        expect(twice[0]).toBe(twice[1])
        expect(await listed(storage)).toMatchObject([{ hash: twice[0], bytes: 3 }])
      })

      test('a blob is listed with its size and the time it was written', async () => {
        const before = Date.now()
        await storage.blobs.put(bytesOf('abc'))
        const [blob] = await listed(storage)
        expect(blob?.bytes).toBe(3)
        expect(Math.abs((blob?.modified ?? 0) - before)).toBeLessThan(60_000)
      })

      test('no bytes are a blob too', async () => {
        const hash = await storage.blobs.put(new Uint8Array())
        expect((await storage.blobs.get(hash))?.byteLength).toBe(0)
      })

      test('changing the bytes after they were put changes no blob', async () => {
        const bytes = bytesOf('abc')
        const hash = await storage.blobs.put(bytes)
        bytes[0] = 0
        expect(Buffer.from((await storage.blobs.get(hash)) ?? []).toString()).toBe('abc')
      })

      test('an unknown or deleted blob is not there', async () => {
        const hash = await storage.blobs.put(bytesOf('abc'))
        await storage.blobs.delete(hash)
        await storage.blobs.delete(hash)
        expect(await storage.blobs.get(hash)).toBeUndefined()
        expect(await storage.blobs.has('0'.repeat(64))).toBe(false)
      })
    })

    describe('workflows', () => {
      const save = (text: string, expected?: number, savedAt = 10) =>
        storage.workflows.save({ id: 'w', name: `Named ${text}`, text, savedAt }, expected)

      test('a saved workflow reads back with version 1, and versions rise', async () => {
        expect(await save('one', 0)).toEqual({
          id: 'w',
          name: 'Named one',
          text: 'one',
          version: 1,
          savedAt: 10,
        })
        expect((await save('two', 1))?.version).toBe(2)
        expect(await storage.workflows.get('w')).toMatchObject({ text: 'two', version: 2 })
      })

      test('older versions stay readable and are listed newest first', async () => {
        await save('one', undefined, 10)
        await save('two', undefined, 20)
        expect(await storage.workflows.get('w', 1)).toMatchObject({
          name: 'Named one',
          text: 'one',
          savedAt: 10,
        })
        expect(await storage.workflows.get('w', 3)).toBeUndefined()
        expect(await storage.workflows.versions('w')).toEqual([
          { id: 'w', name: 'Named two', version: 2, savedAt: 20 },
          { id: 'w', name: 'Named one', version: 1, savedAt: 10 },
        ])
      })

      test('a save based on another version than the present one is a conflict and changes nothing', async () => {
        await save('one')
        expect(await save('mine', 0)).toBeUndefined()
        expect(await save('mine', 2)).toBeUndefined()
        expect(await storage.workflows.get('w')).toMatchObject({ text: 'one', version: 1 })
      })

      test('a save based on a version of a workflow that is not there is a conflict', async () => {
        expect(await save('one', 1)).toBeUndefined()
        expect(await storage.workflows.get('w')).toBeUndefined()
      })

      test('of two saves based on the same version one wins', async () => {
        await save('one')
        const answers = await Promise.all([save('mine', 1), save('yours', 1)])
        expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1)
      })

      test('workflows are listed without their text, the last saved first', async () => {
        await storage.workflows.save({ id: 'a', name: 'A', text: '{}', savedAt: 1 })
        await storage.workflows.save({ id: 'b', name: 'B', text: '{}', savedAt: 3 })
        await storage.workflows.save({ id: 'c', name: 'C', text: '{}', savedAt: 2 })
        await storage.workflows.save({ id: 'a', name: 'A', text: '{ }', savedAt: 4 })
        expect(await storage.workflows.list()).toEqual([
          { id: 'a', name: 'A', version: 2, savedAt: 4 },
          { id: 'b', name: 'B', version: 1, savedAt: 3 },
          { id: 'c', name: 'C', version: 1, savedAt: 2 },
        ])
      })

      test('a deleted workflow is gone with all its versions', async () => {
        await save('one')
        await storage.workflows.delete('w')
        expect(await storage.workflows.get('w')).toBeUndefined()
        expect(await storage.workflows.versions('w')).toEqual([])
        expect(await storage.workflows.list()).toEqual([])
      })
    })
  })
}
