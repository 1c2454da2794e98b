import type { Failure } from '../errors.ts'
import type { Decision, Review } from '../review.ts'
import type { BlobRef, Json } from '../values.ts'
import type { Workflow } from '../workflow/schema.ts'

/** A value in the journal: small ones inline, large ones as a blob of their canonical JSON. */
export type StoredValue =
  | { value: Json }
  /** `holds`: the blobs its content points at, so that cleaning up finds them. */
  | { json: BlobRef; holds?: BlobRef[] }
export type StoredItem = (StoredValue & { label?: string }) | { failed: Failure; label?: string }
export type StoredOutput = StoredValue | { items: StoredItem[] }
export type StoredOutputs = { [output: string]: StoredOutput }

/** One node + map index + round. As text: `node`, `node[2.3]`, `node[2.3]#2`. */
export interface StepRef {
  node: string
  index: string
  round: number
}

/** The parts of a step's cache key, kept so that one can ask why it ran. Values are contents or hashes of contents. */
export interface KeyParts {
  type: string
  version: number
  values: { [field: string]: Json }
  identity?: Json
  feedback?: Json
}

export interface RunOptions {
  /** Nodes whose results are made anew. */
  refresh?: string[]
  noCache?: boolean
  /** No takeover of plans and decisions from the run before. */
  planAnew?: boolean
}

export interface ResolvedAuto {
  values: { [field: string]: Json }
  identity?: Json
}

/** What happened, durably. Its fold is the run's state; skips follow from these and are not written. */
export type RunEvent =
  | {
      type: 'run.created'
      at: number
      /** Frozen: inputs applied, pictures as blobs, never migrated again. */
      workflow: Workflow
      targets: string[]
      versions: { [nodeType: string]: number }
      seeds: { [node: string]: number | string }
      resolved: { [node: string]: ResolvedAuto }
      options: RunOptions
    }
  | { type: 'step.resolved'; step: StepRef; resolved: ResolvedAuto }
  /** Lazy fields that the step turned out to need: what is wired into them becomes part of the run. */
  | { type: 'step.demanded'; step: StepRef; fields: string[] }
  | { type: 'step.started'; step: StepRef; attempt: number; at: number }
  | {
      type: 'step.done'
      step: StepRef
      attempt: number
      at: number
      ms: number
      outputs: StoredOutputs
      key?: string
      /** The key without the feedbacks of revisions, where that differs. */
      requestKey?: string
      parts?: KeyParts
      /** Where the result came from when nothing was computed: the cache, or the run that was taken over. */
      from?: 'cache' | { run: string }
      notes?: string[]
    }
  | {
      type: 'step.failed'
      step: StepRef
      attempt: number
      at: number
      ms: number
      failure: Failure
      retryAt?: number
      key?: string
      parts?: KeyParts
    }
  | { type: 'review.opened'; step: StepRef; review: Review }
  | {
      type: 'review.decided'
      review: string
      decision: Decision
      at: number
      /** Steps that get a new round, with the seed drawn for them. Set for `revise`. */
      anew?: { step: StepRef; items?: number[]; seed?: number | string }[]
      /** The run whose decision was taken over. */
      from?: { run: string }
    }
  | { type: 'run.cancelled'; at: number; by: string }
  | { type: 'run.parked'; at: number; reason: string }
  | { type: 'run.resumed'; at: number; holder: string; versions?: { [nodeType: string]: number } }
  | { type: 'run.blocked'; at: number; failure: Failure }
  | { type: 'run.finished'; at: number; status: 'done' | 'failed' | 'rejected' | 'cancelled' }

export const RunStatus = [
  'queued',
  'running',
  'waiting',
  'parked',
  'blocked',
  'done',
  'failed',
  'rejected',
  'cancelled',
] as const
export type RunStatus = (typeof RunStatus)[number]

export const StepStatus = [
  'pending',
  'queued',
  'running',
  'waiting',
  'done',
  'cached',
  'skipped',
  'failed',
  'rejected',
  'blocked',
  'cancelled',
] as const
export type StepStatus = (typeof StepStatus)[number]

export function stepName({ node, index, round }: StepRef): string {
  const at = index === '' ? node : `${node}[${index}]`
  return round === 1 ? at : `${at}#${round}`
}

/** Why items of list outputs could not be made. */
export function failuresIn(outputs: StoredOutputs): Failure[] {
  return Object.values(outputs).flatMap((output) =>
    'items' in output ? output.items.flatMap((item) => ('failed' in item ? [item.failed] : [])) : [],
  )
}
