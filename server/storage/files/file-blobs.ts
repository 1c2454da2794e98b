import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { PlanographError } from '../../../runtime/errors.ts'
import type { BlobStore } from '../../../runtime/storage.ts'
import type { HomeLayout } from '../home.ts'
import { storageError } from '../storage-errors.ts'
import type { FileLayer } from './file-layer.ts'

export interface FileBlobs extends BlobStore {
  /** Removes a blob unless somebody wrote or asked for it since `before` (milliseconds); answers whether it is gone. */
  retire(hash: string, before: number): Promise<boolean>
}

const isHash = /^[0-9a-f]{64}$/
/** A blob somebody asks for is kept young, so that the garbage collector leaves it to the run about to name it. */
const youngFor = 1_800_000
/** Another process may have renamed the file and not yet have synced its folder. */
const maybeUnsynced = 60_000

/**
 * One file per blob: `blobs/ab/abcd…`. Written in tmp, fsynced, renamed, folder fsynced; so a name that is there has
 * all its bytes, whatever crashed.
 */
export function fileBlobs(
  layout: HomeLayout,
  files: FileLayer,
  now: () => number,
  ready: () => Promise<unknown>,
): FileBlobs {
  const underway = new Map<string, Promise<void>>()
  const folderOf = (hash: string) => join(layout.blobs, hash.slice(0, 2))
  const pathOf = (hash: string) => join(folderOf(hash), hash)

  async function write(hash: string, bytes: Uint8Array): Promise<void> {
    await ready()
    const temporary = join(layout.tmp, `${hash.slice(0, 16)}-${randomUUID()}`)
    try {
      if (await confirm(hash, bytes)) return
      await writeSynced(files, temporary, bytes)
      await files.makeDirectory(folderOf(hash))
      await files.rename(temporary, pathOf(hash))
      await files.fsyncDirectory(folderOf(hash))
    } catch (error) {
      await files.remove(temporary).catch(() => undefined)
      throw storageError(error, layout.home)
    }
  }

  /** Whether the very same bytes are there already. Damaged ones are not, and are written over. */
  async function confirm(hash: string, bytes: Uint8Array): Promise<boolean> {
    const found = await files.stat(pathOf(hash))
    if (found?.bytes !== bytes.byteLength) return false
    const there = await files.read(pathOf(hash))
    if (there === undefined || Buffer.compare(there, bytes) !== 0) return false
    if (now() - found.modified < maybeUnsynced) await files.fsyncDirectory(folderOf(hash))
    return await keepYoung(hash, found.modified)
  }

  /** False when the blob vanished meanwhile. */
  async function keepYoung(hash: string, modified: number): Promise<boolean> {
    if (now() - modified < youngFor) return true
    try {
      await files.touch(pathOf(hash), now())
      return true
    } catch {
      return (await files.stat(pathOf(hash))) !== undefined
    }
  }

  async function explained<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      throw storageError(error, layout.home)
    }
  }

  return {
    async put(bytes) {
      const hash = sha256(bytes)
      const writing = underway.get(hash) ?? write(hash, bytes).finally(() => underway.delete(hash))
      underway.set(hash, writing)
      await writing
      return hash
    },

    async get(hash) {
      if (!isHash.test(hash)) return undefined
      const bytes = await explained(files.read(pathOf(hash)))
      if (bytes !== undefined && sha256(bytes) !== hash) throw damaged(hash, pathOf(hash))
      return bytes
    },

    async has(hash) {
      if (!isHash.test(hash)) return false
      const found = await explained(files.stat(pathOf(hash)))
      return found !== undefined && (await keepYoung(hash, found.modified))
    },

    async delete(hash) {
      if (isHash.test(hash)) await files.remove(pathOf(hash))
    },

    async *list() {
      for (const folder of await files.list(layout.blobs))
        for (const hash of await files.list(join(layout.blobs, folder))) {
          const found = isHash.test(hash) ? await files.stat(pathOf(hash)) : undefined
          if (found !== undefined) yield { hash, ...found }
        }
    },

    async retire(hash, before) {
      const aside = join(layout.tmp, `retired-${randomUUID()}`)
      // Moved aside first: whoever asks for it from now on misses it and writes it anew; who asked before made it young.
      try {
        await files.rename(pathOf(hash), aside)
      } catch (error) {
        if ((await files.stat(pathOf(hash))) === undefined) return false
        throw storageError(error, layout.home)
      }
      const found = await files.stat(aside)
      const wanted = found !== undefined && found.modified >= before
      if (wanted) await files.rename(aside, pathOf(hash))
      else await files.remove(aside)
      return !wanted
    },
  }
}

async function writeSynced(files: FileLayer, path: string, bytes: Uint8Array): Promise<void> {
  const file = await files.open(path)
  try {
    await file.write(bytes)
    await file.fsync()
  } finally {
    await file.close()
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function damaged(hash: string, path: string): PlanographError {
  return new PlanographError('invalid', `The stored data ${hash} is damaged: the file ${path} was changed.`, {
    code: 'blob-damaged',
    hint: 'Run the step that made it again with --refresh, or load the file again if it was yours: that writes it anew.',
    details: { blob: hash },
  })
}
