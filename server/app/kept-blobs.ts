import { existsSync } from 'node:fs'
import { openStorage } from '../storage/open-storage.ts'

/** Whether a home keeps a blob. A home that does not exist is not made for the question. */
export function keptBlobs(home: string): (hash: string) => Promise<boolean> {
  const { blobs } = openStorage(home)
  return async (hash) => existsSync(home) && (await blobs.has(hash))
}
