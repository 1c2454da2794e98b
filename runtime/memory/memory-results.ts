import type { CachedResult, ResultCache } from '../storage.ts'
import { blobsIn } from '../values.ts'

interface Kept {
  result: CachedResult
  lastUsed: number
}

export function createMemoryResults(now: () => number): ResultCache {
  const kept = new Map<string, Kept>()

  return {
    async get(key) {
      const found = kept.get(key)
      if (found) found.lastUsed = now()
      return found?.result
    },

    async put(results) {
      for (const result of results)
        if (!kept.has(result.key)) kept.set(result.key, { result, lastUsed: result.madeAt })
    },

    async delete(keys) {
      for (const key of keys) kept.delete(key)
    },

    async list(limit) {
      return [...kept.values()]
        .sort((a, b) => a.lastUsed - b.lastUsed)
        .slice(0, limit)
        .map(({ result, lastUsed }) => ({
          key: result.key,
          bytes: result.bytes,
          lastUsed,
          blobs: [...new Set(blobsIn(result.outputs).map((ref) => ref.blob))],
        }))
    },
  }
}
