import type { BlobStore } from '../storage.ts'

/** sha256 of the bytes, 64 hexadecimal digits. */
export type HashBytes = (bytes: Uint8Array) => string | Promise<string>

interface Kept {
  bytes: Uint8Array
  modified: number
}

export function createMemoryBlobs(now: () => number, hash: HashBytes = webSha256): BlobStore {
  const kept = new Map<string, Kept>()

  return {
    async put(bytes) {
      const name = await hash(bytes)
      const there = kept.get(name)
      if (there) there.modified = now()
      else kept.set(name, { bytes: bytes.slice(), modified: now() })
      return name
    },

    async get(name) {
      return kept.get(name)?.bytes.slice()
    },

    async has(name) {
      return kept.has(name)
    },

    async delete(name) {
      kept.delete(name)
    },

    async *list() {
      for (const [name, { bytes, modified }] of [...kept])
        yield { hash: name, bytes: bytes.byteLength, modified }
    },
  }
}

async function webSha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice()))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
