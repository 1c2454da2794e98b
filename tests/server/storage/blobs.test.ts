import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeFiles } from '../../../server/storage/files/file-layer.ts'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { anna, bytesOf, done, newRun } from '../../storage-suite.ts'
import { recordingFiles } from './recording-files.ts'
import { temporaryFolder } from './temporary-home.ts'

const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const hourAgo = () => new Date(Date.now() - 3_600_000)

async function homeWith(told: Parameters<typeof recordingFiles>[0] = () => {}, committed?: () => void) {
  const home = join(await temporaryFolder(), 'home')
  const storage = openStorage(home, { files: recordingFiles(told), committed })
  return { home, storage, path: join(home, 'blobs', 'ba', abc) }
}

const noSpace = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })

describe('a blob', () => {
  test('is written, fsynced, renamed, its folder fsynced, then the journal commits, then its writer is told', async () => {
    const order: string[] = []
    const { storage } = await homeWith(
      (verb) => order.push(verb),
      () => order.push('commit'),
    )
    await storage.journal.create(newRun('a'), [], anna, 9)
    order.length = 0
    const hash = await storage.blobs.put(bytesOf('abc'))
    await storage.journal.append('a', 1, [done('paint', hash)], 'running').then(() => order.push('told'))
    expect(order).toEqual(['open', 'write', 'fsync', 'close', 'rename', 'fsyncDirectory', 'commit', 'told'])
    await storage.close()
  })

  test('lies under the first two digits of its hash and leaves nothing in tmp', async () => {
    const { home, storage, path } = await homeWith()
    await storage.blobs.put(bytesOf('abc'))
    expect(await readFile(path, 'utf8')).toBe('abc')
    expect(await readdir(join(home, 'tmp'))).toEqual([])
  })

  test('that is there already is not written again', async () => {
    const changes: string[] = []
    const { storage, path } = await homeWith((verb) => changes.push(verb))
    await storage.blobs.put(bytesOf('abc'))
    await utimes(path, new Date(), new Date(Date.now() - 120_000))
    changes.length = 0
    expect(await storage.blobs.put(bytesOf('abc'))).toBe(abc)
    expect(changes).toEqual([])
  })

  test('that another process may have renamed a moment ago has its folder fsynced again', async () => {
    const changes: string[] = []
    const { storage } = await homeWith((verb) => changes.push(verb))
    await storage.blobs.put(bytesOf('abc'))
    changes.length = 0
    await storage.blobs.put(bytesOf('abc'))
    expect(changes).toEqual(['fsyncDirectory'])
  })

  test('whose bytes were changed is reported on reading, and putting it again heals it', async () => {
    const { storage, path } = await homeWith()
    await storage.blobs.put(bytesOf('abc'))
    await writeFile(path, 'abd')
    await expect(storage.blobs.get(abc)).rejects.toMatchObject({ class: 'invalid', code: 'blob-damaged' })
    await storage.blobs.put(bytesOf('abc'))
    expect(Buffer.from((await storage.blobs.get(abc)) ?? []).toString()).toBe('abc')
  })

  test('that was cut short is reported on reading', async () => {
    const { storage, path } = await homeWith()
    await storage.blobs.put(bytesOf('abc'))
    await writeFile(path, 'ab')
    await expect(storage.blobs.get(abc)).rejects.toThrow(abc)
  })

  test('that is asked for is made young, so that the garbage collector leaves it', async () => {
    const { storage, path } = await homeWith()
    await storage.blobs.put(bytesOf('abc'))
    await utimes(path, hourAgo(), hourAgo())
    await storage.blobs.has(abc)
    expect((await stat(path)).mtimeMs).toBeGreaterThan(hourAgo().getTime() + 1_800_000)
  })

  test('cannot be asked for by anything but a hash', async () => {
    const { home, storage } = await homeWith()
    await storage.ready()
    await writeFile(join(home, 'secret'), 'key')
    expect(await storage.blobs.get('../../secret')).toBeUndefined()
    expect(await storage.blobs.has('../../secret')).toBe(false)
    await storage.blobs.delete('../../secret')
    expect(await readFile(join(home, 'secret'), 'utf8')).toBe('key')
    await storage.close()
  })

  test('is not listed when its file is none of ours', async () => {
    const { home, storage } = await homeWith()
    await storage.blobs.put(bytesOf('abc'))
    await writeFile(join(home, 'blobs', 'ba', 'notes.txt'), 'hello')
    const listed = []
    for await (const { hash } of storage.blobs.list()) listed.push(hash)
    expect(listed).toEqual([abc])
  })
})

test('a disk that fails while a blob is looked for is told, and not taken for a missing blob', async () => {
  const home = join(await temporaryFolder(), 'home')
  const fails = async () => {
    throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
  }
  const { blobs } = openStorage(home, { files: { ...nodeFiles, stat: fails, read: fails } })
  await expect(blobs.has(abc)).rejects.toMatchObject({ class: 'blocked', code: 'disk-error' })
  await expect(blobs.get(abc)).rejects.toMatchObject({ class: 'blocked', code: 'disk-error' })
})

describe('a full disk', () => {
  test.each(['write', 'fsync', 'rename'] as const)(
    'at %s is told with its remedy and leaves nothing behind',
    async (failing) => {
      const { home, storage } = await homeWith((verb) => {
        if (verb === failing) throw noSpace()
      })
      await expect(storage.blobs.put(bytesOf('abc'))).rejects.toMatchObject({
        class: 'blocked',
        code: 'disk-full',
        hint: expect.stringContaining('planograph gc'),
      })
      expect(await readdir(join(home, 'tmp'))).toEqual([])
      expect(await storage.blobs.has(abc)).toBe(false)
    },
  )

  test('that has room again takes the blob', async () => {
    let full = true
    const { storage } = await homeWith((verb) => {
      if (verb === 'write' && full) throw noSpace()
    })
    await expect(storage.blobs.put(bytesOf('abc'))).rejects.toThrow()
    full = false
    expect(await storage.blobs.put(bytesOf('abc'))).toBe(abc)
  })
})
