import { basename, dirname } from 'node:path'
import type { FileLayer } from '../../../server/storage/files/file-layer.ts'
import { nodeFiles } from '../../../server/storage/files/file-layer.ts'

export type FileVerb = 'open' | 'write' | 'fsync' | 'close' | 'rename' | 'fsyncDirectory' | 'touch' | 'remove'

/** The real file system, telling `told` about every change before it happens; what `told` throws happens instead. */
export function recordingFiles(told: (verb: FileVerb, path: string) => void): FileLayer {
  return {
    ...nodeFiles,
    async open(path) {
      told('open', path)
      const file = await nodeFiles.open(path)
      return {
        async write(bytes) {
          told('write', path)
          await file.write(bytes)
        },
        async fsync() {
          told('fsync', path)
          await file.fsync()
        },
        async close() {
          told('close', path)
          await file.close()
        },
      }
    },
    async rename(from, to) {
      told('rename', `${basename(dirname(to))}/${basename(to)}`)
      await nodeFiles.rename(from, to)
    },
    async fsyncDirectory(path) {
      told('fsyncDirectory', path)
      await nodeFiles.fsyncDirectory(path)
    },
    async touch(path, modified) {
      told('touch', path)
      await nodeFiles.touch(path, modified)
    },
    async remove(path) {
      told('remove', path)
      await nodeFiles.remove(path)
    },
  }
}
