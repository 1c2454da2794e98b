import type { HomeStorage } from './open-storage.ts'

export interface GarbageOptions {
  /** Cached results not used for this long go; absent: none goes for its age. */
  olderThanMs?: number
  /** The least recently used results go until the blobs of the others are at most this many bytes together. */
  maxCacheBytes?: number
  /** What was written or asked for within this time stays: a run may be about to name it. An hour if absent. */
  graceMs?: number
  /** Milliseconds since 1970. */
  now?: () => number
}

export interface Garbage {
  results: number
  blobs: number
  /** Sum of the sizes of the removed blobs. */
  bytes: number
}

/** Removes cached results that are too old or too many, then the blobs that nothing needs any more. */
export async function collectGarbage(storage: HomeStorage, options: GarbageOptions = {}): Promise<Garbage> {
  const { graceMs = 3_600_000, now = Date.now } = options
  const graceBegins = now() - graceMs
  const results = await removeResults(storage, options, now(), graceBegins)
  const needed = await storage.references()
  const garbage = { results, blobs: 0, bytes: 0 }
  for await (const { hash, bytes, modified } of storage.blobs.list()) {
    if (needed.has(hash) || modified >= graceBegins) continue
    if (!(await storage.blobs.retire(hash, graceBegins))) continue
    garbage.blobs += 1
    garbage.bytes += bytes
  }
  return garbage
}

async function removeResults(
  storage: HomeStorage,
  { olderThanMs = Number.POSITIVE_INFINITY, maxCacheBytes = Number.POSITIVE_INFINITY }: GarbageOptions,
  now: number,
  graceBegins: number,
): Promise<number> {
  const results = await storage.results.list()
  let size = results.reduce((sum, { bytes }) => sum + bytes, 0)
  const keys: string[] = []
  for (const { key, bytes, lastUsed } of results) {
    const goes = lastUsed < now - olderThanMs || size > maxCacheBytes
    if (lastUsed >= graceBegins || !goes) continue
    keys.push(key)
    size -= bytes
  }
  await storage.results.delete(keys)
  return keys.length
}
