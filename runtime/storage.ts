import { PlanographError } from './errors.ts'
import type { RunEvent, RunStatus, StoredOutputs } from './run/events.ts'

/**
 * The storage interfaces. In-memory versions live in runtime/memory, SQLite and files in server/storage; one suite
 * runs on all (tests/storage-suite.ts). All methods are durable when their promise resolves.
 */

/** Who works on a run. A holder whose `expiry` has passed, or whose process is gone from its host, can be replaced. */
export interface Holder {
  pid: number
  host: string
  /** When the process started, milliseconds: tells a reused pid from the same process. */
  started: number
}

export interface Held extends Holder {
  epoch: number
  heartbeat: number
  /** Milliseconds since 1970. */
  expiry: number
}

export interface RunHead {
  id: string
  workflowId: string
  name: string
  status: RunStatus
  createdAt: number
  updatedAt: number
  /** Sequence number of the last event. */
  seq: number
  holder?: Held
}

export interface JournalEntry {
  /** From 1, without gaps. */
  seq: number
  epoch: number
  event: RunEvent
}

export type Acquired = { ok: true; epoch: number } | { ok: false; holder: Held }

export interface RunFilter {
  workflowId?: string
  status?: readonly RunStatus[]
  /** Runs created before this run, newest first. */
  before?: string
  limit?: number
}

/**
 * Ordered durable events of runs. Every append checks the epoch in its transaction and throws `Fenced` when
 * another holder has taken over.
 */
export interface Journal {
  /** Keeps a new run with its first events, held by `holder` with epoch 1. A second create of the same id is refused. */
  create(
    run: Omit<RunHead, 'seq' | 'holder' | 'updatedAt'>,
    events: RunEvent[],
    holder: Holder,
    expiry: number,
  ): Promise<void>
  /**
   * Appends in one transaction and sets the status; answers the last seq. `after` is the seq that the events follow:
   * where the journal has gone beyond it, they are there already and nothing is written.
   */
  append(run: string, epoch: number, events: RunEvent[], status: RunStatus, after?: number): Promise<number>
  /** Events with seq > after, in order. A damaged row throws `invalid` with code `journal-damaged`, naming run and seq. */
  read(run: string, after?: number): Promise<JournalEntry[]>
  head(run: string): Promise<RunHead | undefined>
  list(filter?: RunFilter): Promise<RunHead[]>
  /** Takes the run if nobody live holds it: `alive` is asked about the present holder. Raises the epoch. */
  acquire(
    run: string,
    holder: Holder,
    now: number,
    expiry: number,
    alive: (held: Held) => boolean,
  ): Promise<Acquired>
  /** Prolongs; false when the epoch is not the present one. */
  heartbeat(run: string, epoch: number, now: number, expiry: number): Promise<boolean>
  release(run: string, epoch: number): Promise<void>
  /** Removes the run with its events. */
  delete(run: string): Promise<void>
}

/** Thrown by `append` when the caller is no longer the holder: stop at once, write nothing. */
export class Fenced extends Error {
  readonly run: string
  constructor(run: string) {
    super(`Run ${run} was taken over by another process.`)
    this.name = 'Fenced'
    this.run = run
  }
}

export interface CachedResult {
  key: string
  nodeType: string
  outputs: StoredOutputs
  notes?: string[]
  /** Milliseconds the computation took. */
  ms: number
  /** Sum of the sizes of its blobs, bytes. */
  bytes: number
  madeAt: number
}

/** The refusal of a second `create` with the same id. */
export function runExists(run: string): PlanographError {
  return new PlanographError('invalid', `There is already a run ${run} in this home.`, {
    code: 'run-exists',
    hint: 'Resume that run, or start a new one under another id.',
  })
}

/** The refusal of `append` and `acquire` for a run that is not there (any more). */
export function runMissing(run: string): PlanographError {
  return new PlanographError('invalid', `There is no run ${run} in this home.`, {
    code: 'run-missing',
    hint: 'It may have been deleted, or be in another home. `planograph runs` lists the runs of this one.',
  })
}

export interface ResultCache {
  get(key: string): Promise<CachedResult | undefined>
  /** The first commit wins: a second put of a key changes nothing. */
  put(results: CachedResult[]): Promise<void>
  delete(keys: string[]): Promise<void>
  /** Least recently used first. */
  list(limit?: number): Promise<{ key: string; bytes: number; lastUsed: number; blobs: string[] }[]>
}

/** Content-addressed bytes. */
export interface BlobStore {
  /** Written, fsynced, renamed, directory fsynced before it resolves. The same bytes twice are one blob. */
  put(bytes: Uint8Array): Promise<string>
  /** Verified against the hash; undefined when it is not there. Damaged bytes throw `invalid` with code `blob-damaged`. */
  get(hash: string): Promise<Uint8Array | undefined>
  has(hash: string): Promise<boolean>
  delete(hash: string): Promise<void>
  list(): AsyncIterable<{ hash: string; bytes: number; modified: number }>
}

export interface SavedWorkflow {
  id: string
  name: string
  /** Canonical text. */
  text: string
  /** Rises with each save. */
  version: number
  savedAt: number
}

export interface WorkflowStore {
  get(id: string, version?: number): Promise<SavedWorkflow | undefined>
  /** `expected`: the version this save is based on (0 for a new one); another one present is a conflict and answers undefined. */
  save(
    workflow: { id: string; name: string; text: string; savedAt: number },
    expected?: number,
  ): Promise<SavedWorkflow | undefined>
  list(): Promise<Omit<SavedWorkflow, 'text'>[]>
  versions(id: string): Promise<Omit<SavedWorkflow, 'text'>[]>
  delete(id: string): Promise<void>
}

export interface Storage {
  journal: Journal
  results: ResultCache
  blobs: BlobStore
  workflows: WorkflowStore
  close(): Promise<void>
}
