import type { Catalog } from './catalog.ts'
import type { Clock } from './clock.ts'
import type { Blobs, Progress } from './define-node.ts'
import type { Failure } from './errors.ts'
import type { Decision, DecisionInput, Review } from './review.ts'
import type { KeyParts, RunEvent, RunOptions, RunStatus, StepRef, StepStatus } from './run/events.ts'
import type { Seed } from './seed.ts'
import type { Held, Holder, Storage } from './storage.ts'
import type { Json } from './values.ts'
import type { Workflow } from './workflow/schema.ts'

export interface RuntimeOptions {
  catalog: Catalog
  /** Handed to every node as `ctx.services`. */
  services: unknown
  storage: Storage
  /** sha256 of the text, hexadecimal. Synchronous: it runs once per step. */
  hash: (text: string) => string
  clock: Clock
  /** [0, 1): seeds and jitter. */
  random: () => number
  /** New run ids. */
  newId: () => string
  holder: Holder
  /** Whether a holder of a run still lives. */
  alive: (held: Held) => boolean
  /** Steps at once per pool; absent pools: `local` 16, others 4. */
  pools?: { [pool: string]: number }
  blobs: Blobs
}

export interface StartOptions extends RunOptions {
  /** Run only what these nodes need. Absent: declared outputs and sinks, else every leaf. */
  until?: string[]
  /** Park the run after so long, milliseconds. */
  timeoutMs?: number
}

/** Best effort, never kept, never replayed. */
export type LiveFrame =
  | { type: 'progress'; step: StepRef; progress: Progress }
  | { type: 'preview'; step: StepRef; image: { bytes: Uint8Array; mime: string; index?: number } }
  | { type: 'text'; step: StepRef; delta: string }
  | { type: 'step'; step: StepRef; status: StepStatus }

/** Committed events carry their seq; live frames carry none. */
export type RunMessage = { seq: number; event: RunEvent } | { live: LiveFrame }

export interface StepView extends StepRef {
  type: string
  status: StepStatus
  attempt: number
  ms: number
  /** Nothing was computed: from the cache or another run. */
  from?: 'cache' | { run: string }
  failure?: Failure
  /** Why items of its list are missing. */
  itemFailures?: Failure[]
  /** Why it was skipped, for people. */
  reason?: string
  notes: string[]
  labels: string[]
  /** List outputs as arrays without failed items. Large JSON values are loaded. */
  outputs?: { [output: string]: Json }
  parts?: KeyParts
}

export interface ReviewView extends Review {
  decision?: Decision
  decidedAt?: number
  /** The run whose decision was taken over. */
  from?: { run: string }
}

export interface RunView {
  id: string
  workflowId: string
  name: string
  status: RunStatus
  createdAt: number
  endedAt?: number
  workflow: Workflow
  /** Drawn for this run, by node. */
  seeds: { [node: string]: Seed }
  /** In topological order, then by map index; the last round of each. */
  steps: StepView[]
  reviews: ReviewView[]
  /** Declared outputs that are there; without declared ones, those of the last nodes that ran, as `node.output`. */
  outputs: { [name: string]: Json }
  /** Why it is blocked or parked. */
  reason?: string
  seq: number
}

export interface RunHandle {
  readonly id: string
  /** Tells committed events in order, and live frames. The answer stops it. */
  listen(listener: (message: RunMessage) => void): () => void
  view(): Promise<RunView>
  /** Resolves when nothing goes on any more: the run ended, waits for a review, is parked or blocked. */
  idle(): Promise<RunView>
  /** Resolves once it is durable that no attempt starts any more. */
  cancel(by?: string): Promise<void>
  decide(review: string, decision: DecisionInput): Promise<ReviewView>
}

export interface Explanation {
  step: StepRef
  /** Absent when the node never ran before. */
  previous?: { run: string; step: StepRef }
  /** Parts of the cache key that differ. Empty: all equal. */
  differs: { part: string; before: Json | undefined; now: Json | undefined }[]
  summary: string
}

/** The engine. Errors are `PlanographError`; `invalid` ones carry `details.problems`. */
export interface Runtime {
  /** Freezes and keeps the run, then works on it. Resolves when the run is durable (P1). */
  start(workflow: Workflow, options?: StartOptions): Promise<RunHandle>
  /** Goes on with a run of this home: parked, waiting, or left by a process that died. */
  resume(run: string, options?: { acceptVersions?: boolean; timeoutMs?: number }): Promise<RunHandle>
  /** Reads a run without holding it. */
  view(run: string): Promise<RunView>
  explain(run: string, node: string): Promise<Explanation>
  /** Applies `onDue` of reviews whose time has come, in all waiting runs of this home. */
  fireDue(): Promise<string[]>
  /** Cancels a run, also one that nobody holds. */
  cancel(run: string, by?: string): Promise<void>
  /** Stops starting steps, parks what runs, releases all holders. */
  close(): Promise<void>
}
