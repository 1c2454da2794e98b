import type { Failure } from '../errors.ts'
import type { Decision, Feedback, Review } from '../review.ts'
import type { Seed } from '../seed.ts'
import type { KeyParts, ResolvedAuto, RunEvent, RunOptions, StoredOutputs, StoredValue } from './events.ts'
import type { Plan, PlanInput, PlanNode } from './plan.ts'

export type Created = Extract<RunEvent, { type: 'run.created' }>

/** What is known of a step for good: the fold of its events. One per node and map index; the last round counts. */
export interface Fact {
  /** `node` or `node[index]`. */
  key: string
  node: string
  index: string
  round: number
  status: 'open' | 'running' | 'waiting' | 'done' | 'failed' | 'rejected'
  /** Handed to the shell, which has not answered yet. */
  busy: boolean
  attempt: number
  /** Failed attempts of this round. */
  failures: number
  /** Attempts during which the process died. */
  kills: number
  retryAt?: number
  ms: number
  outputs?: StoredOutputs
  /** Some items of its list could not be made. */
  partly?: boolean
  from?: 'cache' | { run: string }
  notes: string[]
  failure?: Failure
  cacheKey?: string
  /** The key it would have without the feedbacks of revisions. */
  requestKey?: string
  parts?: KeyParts
  resolved?: ResolvedAuto
  decisions: { [question: string]: Decision }
  /** One entry per round that a review asked for. */
  feedback: (Feedback & { items?: number[] })[]
  /** Drawn for this round. */
  seed?: Seed
  /** Items of the list output to make anew in this round. */
  items?: number[]
  previous?: StoredOutputs
  /** Lazy fields that it asked for in this round. */
  demanded: Set<string>
}

/** One value on its way: a single output of a step, or one item of a list output. */
export interface Slot {
  /** Map index path of whoever is mapped over it. */
  path: string
  labels: readonly string[]
  state: 'pending' | 'ready' | 'broken'
  /** Stands for a whole list that was not made. */
  hole?: true
  value?: StoredValue
  producer: Step
  waiters: Step[]
}

/** A step as the scheduler sees it; made anew from the facts when a revision changes the shape of things. */
export interface Step {
  fact: Fact
  node: NodeState
  index: string
  labels: readonly string[]
  /** Position among the steps of its node; known only where seeds need it. */
  rank: number
  /** Where each mapped or single input comes from. */
  slots: Map<PlanInput, Slot>
  /** Inputs that are not there yet. */
  blocked: number
  /** Why it cannot run: something it needs failed or was skipped. */
  broken?: string
  settled: boolean
  skipped?: string
  /** Non-list outputs. */
  single: { [output: string]: Slot }
  /** List outputs, once settled. */
  lists: { [output: string]: Slot[] }
}

export interface NodeState {
  plan: PlanNode
  steps: Map<string, Step>
  created: Step[]
  settled: Step[]
  unsettled: number
  /** All steps are known. */
  closed: boolean
  /** All steps are known and settled. */
  complete: boolean
  wholeWaiters: { step: Step; input: PlanInput }[]
  /** How far a mapped node has read what it is mapped over. */
  cursor: number
}

export interface ReviewState {
  review: Review
  fact: string
  status: 'open' | 'decided' | 'superseded'
  decision?: Decision
  decidedAt?: number
  from?: { run: string }
}

/** The state of a run: the fold of its events. `apply` alone changes it; `decide` takes from `ready` and `aborts`. */
export interface RunState {
  plan: Plan
  created: Created
  options: RunOptions
  facts: Map<string, Fact>
  nodes: Map<string, NodeState>
  reviews: Map<string, ReviewState>
  openReviews: number
  /** Results that count within the run only, by cache key: also those of rounds that are over. */
  results: Map<string, { outputs: StoredOutputs; notes: string[] }>
  /** Steps that can start. */
  ready: Step[]
  /** Running attempts that have become pointless. */
  aborts: string[]
  /** Steps that are ready or with the shell. */
  busy: number
  cancelled: boolean
  halted?: { status: 'parked' | 'blocked'; reason: string }
  ended?: { status: 'done' | 'failed' | 'rejected' | 'cancelled'; at: number }
  versions: { [nodeType: string]: number }
  /** Work of the scheduler that is not finished within one `apply`: empty between events. */
  queue: Step[]
  dirty: Set<NodeState>
}

export function createState(plan: Plan, created: Created): RunState {
  return {
    plan,
    created,
    options: created.options,
    facts: new Map(),
    nodes: new Map(),
    reviews: new Map(),
    openReviews: 0,
    results: new Map(),
    ready: [],
    aborts: [],
    busy: 0,
    cancelled: false,
    versions: { ...created.versions },
    queue: [],
    dirty: new Set(),
  }
}

export function factKey(node: string, index: string): string {
  return index === '' ? node : `${node}[${index}]`
}

export function factOf(state: RunState, node: string, index: string): Fact {
  const key = factKey(node, index)
  const known = state.facts.get(key)
  if (known) return known
  const fact: Fact = {
    key,
    node,
    index,
    round: 1,
    status: 'open',
    busy: false,
    attempt: 0,
    failures: 0,
    kills: 0,
    ms: 0,
    notes: [],
    decisions: {},
    feedback: [],
    demanded: new Set(),
  }
  state.facts.set(key, fact)
  return fact
}

export function stepOf(state: RunState, node: string, index: string): Step | undefined {
  return state.nodes.get(node)?.steps.get(index)
}
