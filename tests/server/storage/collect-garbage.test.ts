import { mkdir, readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collectGarbage } from '../../../server/storage/collect-garbage.ts'
import type { HomeStorage } from '../../../server/storage/open-storage.ts'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { anna, bytesOf, done, newRun, result } from '../../storage-suite.ts'
import { temporaryFolder } from './temporary-home.ts'

const day = 86_400_000

/** A home, and `old`, which puts a blob as if it had been put a day ago. */
async function home(): Promise<{
  storage: HomeStorage
  old: (text: string) => Promise<string>
  folder: string
}> {
  const folder = join(await temporaryFolder(), 'home')
  const storage = openStorage(folder)
  const old = async (text: string) => {
    const hash = await storage.blobs.put(bytesOf(text))
    const at = new Date(Date.now() - day)
    await utimes(join(folder, 'blobs', hash.slice(0, 2), hash), at, at)
    return hash
  }
  return { storage, old, folder }
}

const image = (blob: string) => ({ image: { value: { blob, mime: 'image/png', bytes: 3 } } })
const jsonOf = (blob: string) => ({ blob, mime: 'application/json', bytes: 3 })

/** Whether each blob is still there; asking for the list keeps none of them young. */
async function left(storage: HomeStorage, hashes: string[]): Promise<boolean[]> {
  const there = new Set<string>()
  for await (const { hash } of storage.blobs.list()) there.add(hash)
  return hashes.map((hash) => there.has(hash))
}

describe('collecting garbage', () => {
  test('removes blobs that nothing names and says how much that was', async () => {
    const { storage, old, folder } = await home()
    const hash = await old('abc')
    expect(await collectGarbage(storage)).toEqual({ results: 0, blobs: 1, bytes: 3 })
    expect(await left(storage, [hash])).toEqual([false])
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
    await storage.close()
  })

  test('keeps what a run, a cached result or any version of a saved workflow names', async () => {
    const { storage, old } = await home()
    const [inRun = '', inResult = '', inWorkflow = ''] = await Promise.all(['a', 'b', 'c'].map(old))
    await storage.journal.create(newRun('a'), [done('paint', inRun)], anna, 9)
    await storage.results.put([result('k', { outputs: image(inResult) })])
    const text = JSON.stringify({ nodes: { photo: { values: image(inWorkflow) } } })
    await storage.workflows.save({ id: 'w', name: 'W', text, savedAt: 1 })
    await storage.workflows.save({ id: 'w', name: 'W', text: '{}', savedAt: 2 })
    expect(await collectGarbage(storage)).toMatchObject({ blobs: 0 })
    expect(await left(storage, [inRun, inResult, inWorkflow])).toEqual([true, true, true])
    await storage.close()
  })

  test('keeps what a large JSON value names, at any depth', async () => {
    const { storage, old } = await home()
    const picture = await old('picture')
    const inner = await old(JSON.stringify({ of: { blob: picture, mime: 'image/png', bytes: 7 } }))
    const outer = await old(JSON.stringify([jsonOf(inner)]))
    const event = { ...done('plan', picture), outputs: { plan: { json: jsonOf(outer) } } }
    await storage.journal.create(newRun('a'), [event], anna, 9)
    await collectGarbage(storage)
    expect(await left(storage, [picture, inner, outer])).toEqual([true, true, true])
    await storage.close()
  })

  test('keeps blobs younger than an hour, and old ones that somebody has just asked for', async () => {
    const { storage, old } = await home()
    const young = await storage.blobs.put(bytesOf('young'))
    const asked = await old('asked')
    await storage.blobs.has(asked)
    const again = await old('again')
    await storage.blobs.put(bytesOf('again'))
    expect(await collectGarbage(storage)).toMatchObject({ blobs: 0 })
    expect(await left(storage, [young, asked, again])).toEqual([true, true, true])
    await storage.close()
  })

  test('leaves a blob that was asked for after it was found to be unneeded', async () => {
    const { storage, old } = await home()
    const hash = await old('abc')
    const before = Date.now() - 3_600_000
    await storage.blobs.has(hash)
    expect(await storage.blobs.retire(hash, before)).toBe(false)
    expect(await left(storage, [hash])).toEqual([true])
    await storage.close()
  })

  test('by two at once removes each blob once', async () => {
    const { storage, old } = await home()
    await Promise.all(['a', 'b', 'c'].map(old))
    const both = await Promise.all([collectGarbage(storage), collectGarbage(storage)])
    expect(both.reduce((sum, { blobs }) => sum + blobs, 0)).toBe(3)
    await storage.close()
  })

  test('keeps the blobs of the first of two results that were put under one key', async () => {
    const { storage, old } = await home()
    const [first = '', second = ''] = await Promise.all(['a', 'b'].map(old))
    await storage.results.put([
      result('k', { outputs: image(first) }),
      result('k', { outputs: image(second) }),
    ])
    await collectGarbage(storage)
    expect(await left(storage, [first, second])).toEqual([true, false])
    await storage.close()
  })

  test('removes the blobs of a deleted run unless another one needs them', async () => {
    const { storage, old } = await home()
    const own = await old('own')
    const both = await old('both')
    await storage.journal.create(newRun('a'), [done('paint', own), done('paint', both)], anna, 9)
    await storage.journal.create(newRun('b'), [done('paint', both)], anna, 9)
    await storage.journal.delete('a')
    expect(await collectGarbage(storage)).toMatchObject({ blobs: 1 })
    expect(await left(storage, [own, both])).toEqual([false, true])
    await storage.close()
  })

  test('removes results that were not used for too long, and then their blobs', async () => {
    const { storage, old } = await home()
    const hash = await old('abc')
    const now = Date.now()
    await storage.results.put([
      result('old', { madeAt: now - 9 * day, outputs: image(hash) }),
      result('newer', { madeAt: now - 2 * day }),
    ])
    expect(await collectGarbage(storage, { olderThanMs: 5 * day })).toEqual({
      results: 1,
      blobs: 1,
      bytes: 3,
    })
    expect((await storage.results.list()).map(({ key }) => key)).toEqual(['newer'])
    await storage.close()
  })

  test('removes the least recently used results until the rest fits', async () => {
    const { storage } = await home()
    const now = Date.now()
    await storage.results.put(
      ['a', 'b', 'c'].map((key, at) => result(key, { bytes: 10, madeAt: now - (9 - at) * day })),
    )
    await storage.results.get('a')
    expect(await collectGarbage(storage, { maxCacheBytes: 20 })).toMatchObject({ results: 1 })
    expect((await storage.results.list()).map(({ key }) => key)).toEqual(['c', 'a'])
    await storage.close()
  })

  test('keeps results used within the hour, however little may stay', async () => {
    const { storage } = await home()
    await storage.results.put([result('k', { bytes: 10, madeAt: Date.now() })])
    expect(await collectGarbage(storage, { maxCacheBytes: 0 })).toMatchObject({ results: 0 })
    expect(await collectGarbage(storage, { maxCacheBytes: 0, now: () => Date.now() + day })).toMatchObject({
      results: 1,
    })
    await storage.close()
  })

  test('does not take a blob for unneeded because a value that names it cannot be read just now', async () => {
    const { storage, old, folder } = await home()
    const outer = await old(JSON.stringify([{ blob: 'f'.repeat(64), mime: 'image/png', bytes: 1 }]))
    const event = { ...done('plan', outer), outputs: { plan: { json: jsonOf(outer) } } }
    await storage.journal.create(newRun('a'), [event], anna, 9)
    const path = join(folder, 'blobs', outer.slice(0, 2), outer)
    await rm(path)
    await mkdir(path)
    await expect(collectGarbage(storage)).rejects.toThrow()
    await storage.close()
  })
})
