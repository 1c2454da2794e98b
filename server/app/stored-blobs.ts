import type { Blobs } from '../../runtime/define-node.ts'
import { PlanographError } from '../../runtime/errors.ts'
import type { BlobStore } from '../../runtime/storage.ts'

/** The blobs of a store as nodes see them: by reference, with what the reference says about them. */
export function storedBlobs(store: BlobStore): Blobs {
  return {
    async read({ blob, mime }) {
      const bytes = await store.get(blob)
      if (bytes) return bytes
      throw new PlanographError(
        'invalid',
        `The ${mime} file ${blob.slice(0, 12)}… is no longer in the home folder.`,
        {
          code: 'blob-gone',
          hint: 'Run the step that made it again, or give the file anew.',
        },
      )
    },
    async write(bytes, mime, size) {
      return { blob: await store.put(bytes), mime, bytes: bytes.length, ...size }
    },
  }
}
