import type { Storage } from '../storage.ts'
import type { HashBytes } from './memory-blobs.ts'
import { createMemoryBlobs } from './memory-blobs.ts'
import { createMemoryJournal } from './memory-journal.ts'
import { createMemoryResults } from './memory-results.ts'
import { createMemoryWorkflows } from './memory-workflows.ts'
import type { FaultPlan } from './with-faults.ts'
import { withFaults } from './with-faults.ts'

export interface MemoryStorageOptions {
  /** Spoils calls, for simulations. To spoil them per simulated process, use `withFaults` on one shared storage. */
  faults?: FaultPlan
  /** Milliseconds since 1970; the computer's clock if absent. */
  now?: () => number
  /** sha256 of blobs; WebCrypto if absent. A synchronous one keeps simulations repeatable. */
  hash?: HashBytes
}

/** Keeps everything in memory, with the same promises as the storage on disk, for as long as the object lives; `close` loses nothing. */
export function createMemoryStorage({ faults, now = Date.now, hash }: MemoryStorageOptions = {}): Storage {
  const storage: Storage = {
    journal: createMemoryJournal(now),
    results: createMemoryResults(now),
    blobs: createMemoryBlobs(now, hash),
    workflows: createMemoryWorkflows(),
    close: async () => {},
  }
  return faults ? withFaults(storage, faults) : storage
}
