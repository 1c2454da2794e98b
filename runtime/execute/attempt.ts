import type { Context, Progress } from '../define-node.ts'
import { PlanographError } from '../errors.ts'
import type { Question, Review } from '../review.ts'
import { type RunEvent, type StepRef, stepName } from '../run/events.ts'
import type { Step } from '../run/state.ts'
import type { Json } from '../values.ts'
import type { RunEnv } from './env.ts'

/** Thrown through a node by `ctx.ask`: the attempt ends and a review opens. */
export class Asked extends Error {
  readonly review: Review
  constructor(review: Review) {
    super('asked')
    this.review = review
  }
}

/** What a node tells while it works. */
type Frame =
  | { type: 'progress'; progress: Progress }
  | { type: 'preview'; image: { bytes: Uint8Array; mime: string; index?: number } }
  | { type: 'text'; delta: string }

/** What a running attempt needs of its run. */
export interface AttemptHost {
  env: RunEnv
  run: string
  workflowText: () => string
  name: string
  createdAt: number
  live: (frame: Frame, step: StepRef) => void
}

/** One try of a step; it is the context its node sees. */
export class Attempt implements Context {
  readonly ref: StepRef
  readonly #host: AttemptHost
  readonly #step: Step
  readonly #fact: Step['fact']
  #controller: AbortController | undefined
  /** False once its outcome is recorded or does not matter any more. */
  live = true
  notes: string[] = []
  startedAt: number
  lastSign: number
  /** Its start, while it is not on its way to the journal. */
  unwritten: RunEvent | undefined
  previous?: { [output: string]: Json }
  number = 0
  /** Called when the attempt is given up: whoever waits for its result must not wait any longer. */
  givenUp: (() => void) | undefined

  constructor(host: AttemptHost, step: Step) {
    this.#host = host
    this.#step = step
    this.#fact = step.fact
    this.ref = { node: step.fact.node, index: step.index, round: step.fact.round }
    this.startedAt = host.env.clock.now()
    this.lastSign = this.startedAt
  }

  get key(): string {
    return this.#fact.key
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (!this.live) this.#controller.abort()
    }
    return this.#controller.signal
  }

  /** Nothing that comes from this attempt counts any more. */
  abort(reason?: unknown): void {
    this.live = false
    this.givenUp?.()
    this.#controller?.abort(reason)
  }

  /** Tells the node to stop, while its failure still counts. */
  stop(reason: unknown): void {
    this.#controller?.abort(reason)
  }

  get services(): unknown {
    return this.#host.env.services
  }

  get blobs() {
    return this.#host.env.blobs
  }

  get step() {
    const { node, index } = this.ref
    const key = `${this.#host.run}:${stepName(this.ref)}`
    return { run: this.#host.run, node, index, attempt: this.number, key, labels: [...this.#step.labels] }
  }

  get run() {
    return { workflow: this.#host.workflowText(), name: this.#host.name, createdAt: this.#host.createdAt }
  }

  get bound() {
    return this.#step.node.plan.bound
  }

  get round() {
    const { round, feedback, items } = this.#fact
    return { number: round, previous: this.previous, feedback, items }
  }

  // Functions, not methods: nodes hand them on as callbacks.
  get progress() {
    return (progress: Progress) => this.#sign({ type: 'progress', progress })
  }

  get preview() {
    return (image: { bytes: Uint8Array; mime: string; index?: number }) =>
      this.#sign({ type: 'preview', image })
  }

  get text() {
    return (delta: string) => this.#sign({ type: 'text', delta })
  }

  get note() {
    return (message: string) => {
      this.notes.push(message)
    }
  }

  get now() {
    return () => this.#host.env.clock.now()
  }

  async ask({ dueInMs, ...question }: Question) {
    const { definition } = this.#step.node.plan
    if (!definition.asks)
      throw new PlanographError('bug', `The node type "${definition.type}" asks without saying so.`, {
        hint: 'Set `asks: true` in its definition.',
      })
    const id = `${stepName(this.ref)}/${question.id}`
    const decision = this.#fact.decisions[id]
    if (decision && decision.kind !== 'revise' && decision.kind !== 'reject') return decision
    const openedAt = this.now()
    const dueAt = dueInMs === undefined ? undefined : openedAt + dueInMs
    throw new Asked({ ...question, ...this.ref, id, openedAt, dueAt })
  }

  /** A sign of life, told to whoever looks on; an attempt that does not count any more is not heard. */
  #sign(frame: Frame): void {
    if (!this.live) return
    this.lastSign = this.#host.env.clock.now()
    this.#host.live(frame, this.ref)
  }
}
