import type { BlobStore, Journal, ResultCache, Storage, WorkflowStore } from '../storage.ts'

type Operations<Name extends string, Store> = `${Name}.${keyof Store & string}`

/** One call that reaches the storage. */
interface StorageOperation {
  call:
    | Operations<'journal', Journal>
    | Operations<'results', ResultCache>
    | Operations<'blobs', BlobStore>
    | Operations<'workflows', WorkflowStore>
  /** Counts all calls through this door, from 1. */
  nth: number
}

/** What happens to a call that was let through. Nothing: it is done once and answered. */
interface Fault {
  /** Done twice, one after the other; the answer is the first one's. What the second one throws is dropped. */
  twice?: boolean
  /** Done, and then this is thrown instead of the answer: a lost acknowledgement. */
  loseAnswer?: Error
}

/**
 * Asked before every call. Throwing (or rejecting) keeps the call from happening, as a crash before it would; a
 * promise delays it; a `Fault` spoils what comes after.
 */
export type FaultPlan = (operation: StorageOperation) => Fault | undefined | Promise<Fault | undefined>

/**
 * The same storage seen through an unreliable door, for simulations. Several doors, each with its own plan, can lead
 * to one storage: one per simulated process.
 */
export function withFaults(storage: Storage, plan: FaultPlan): Storage {
  let count = 0
  const through =
    <A extends unknown[], R>(call: StorageOperation['call'], done: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      count += 1
      const fault = await plan({ call, nth: count })
      const answer = await done(...args)
      if (fault?.twice) await done(...args).catch(() => undefined)
      if (fault?.loseAnswer) throw fault.loseAnswer
      return answer
    }
  const { journal, results, blobs, workflows } = storage
  return {
    journal: {
      create: through('journal.create', journal.create.bind(journal)),
      append: through('journal.append', journal.append.bind(journal)),
      read: through('journal.read', journal.read.bind(journal)),
      head: through('journal.head', journal.head.bind(journal)),
      list: through('journal.list', journal.list.bind(journal)),
      acquire: through('journal.acquire', journal.acquire.bind(journal)),
      heartbeat: through('journal.heartbeat', journal.heartbeat.bind(journal)),
      release: through('journal.release', journal.release.bind(journal)),
      delete: through('journal.delete', journal.delete.bind(journal)),
    },
    results: {
      get: through('results.get', results.get.bind(results)),
      put: through('results.put', results.put.bind(results)),
      delete: through('results.delete', results.delete.bind(results)),
      list: through('results.list', results.list.bind(results)),
    },
    blobs: {
      put: through('blobs.put', blobs.put.bind(blobs)),
      get: through('blobs.get', blobs.get.bind(blobs)),
      has: through('blobs.has', blobs.has.bind(blobs)),
      delete: through('blobs.delete', blobs.delete.bind(blobs)),
      list: () => blobs.list(),
    },
    workflows: {
      get: through('workflows.get', workflows.get.bind(workflows)),
      save: through('workflows.save', workflows.save.bind(workflows)),
      list: through('workflows.list', workflows.list.bind(workflows)),
      versions: through('workflows.versions', workflows.versions.bind(workflows)),
      delete: through('workflows.delete', workflows.delete.bind(workflows)),
    },
    close: () => storage.close(),
  }
}
