import type { LiveFrame, ReviewView, RunHandle, RunMessage, RunView } from '../api.ts'
import { fromFailure, PlanographError } from '../errors.ts'
import type { DecisionInput } from '../review.ts'
import { apply } from '../run/apply.ts'
import { decide, type Effect } from '../run/decide.ts'
import type { RunEvent, StepRef } from '../run/events.ts'
import { judge } from '../run/judge.ts'
import type { RunState, Step } from '../run/state.ts'
import { isSettled, seedsOf, statusOf } from '../run/status.ts'
import { seededWorkflow } from '../seeded-workflow.ts'
import { Fenced, type RunHead } from '../storage.ts'
import { print } from '../workflow/print.ts'
import type { Attempt } from './attempt.ts'
import { Committer } from './committer.ts'
import type { RunEnv } from './env.ts'
import { heartbeatMs, holdRun, leaseMs } from './hold.ts'
import { loadState } from './load.ts'
import type { StepHost } from './step-host.ts'
import { runStep } from './step-runner.ts'
import type { Takeover } from './takeover.ts'
import { reviewView, viewRun } from './view.ts'

/** setTimeout takes 2^31 − 1 milliseconds at most, and fires at once for more. */
const longestTimerMs = 2 ** 31 - 1

/** Where a run that is taken up stands. */
export interface Origin {
  head: RunHead
  state: RunState
  epoch: number
  seq: number
}

/** A run that this process works on, or that rests until a person answers. The imperative shell around `decide` and `apply`. */
export class LiveRun implements RunHandle {
  readonly id: string
  readonly #env: RunEnv
  readonly #takeover: () => Promise<Takeover | undefined>
  readonly #host: StepHost
  readonly #listeners = new Set<(message: RunMessage) => void>()
  readonly #attempts = new Map<string, Attempt>()
  readonly #order: number
  readonly #ended: () => void
  #head: RunHead
  #state: RunState
  #committer: Committer
  /** Held by this process and worked on. */
  #active = true
  #epoch: number
  #resting: Promise<void> | undefined
  #stopTimers: (() => void)[] = []
  #lost: unknown
  #turn: Promise<unknown> = Promise.resolve()
  #idle: { resolve: () => void }[] = []

  /** `ended` is called once nothing can happen to the run any more. */
  constructor(env: RunEnv, origin: Origin, takeover: () => Promise<Takeover | undefined>, ended: () => void) {
    this.#ended = ended
    this.#env = env
    this.id = origin.head.id
    this.#head = origin.head
    this.#state = origin.state
    this.#order = origin.head.createdAt
    this.#takeover = takeover
    this.#epoch = origin.epoch
    this.#committer = this.#makeCommitter(origin.epoch, origin.seq)
    this.#host = this.#makeHost()
    this.#beat(origin.epoch)
  }

  /** Begins, or goes on. */
  go(timeoutMs?: number): void {
    if (timeoutMs !== undefined)
      this.#stopTimers.push(
        this.#env.clock.after(timeoutMs, () => void this.park('The time limit was reached.')),
      )
    this.#pump()
  }

  /** Goes on after another process, or an earlier life of this one. */
  async goOn(changed: { type: string; is: number | undefined }[], timeoutMs?: number): Promise<void> {
    if (!isSettled(this.#state)) {
      const versions = Object.fromEntries(
        changed.flatMap(({ type, is }) => (is === undefined ? [] : [[type, is]])),
      )
      this.#recordResumed(versions)
      this.go(timeoutMs)
    } else await this.#rest()
  }

  listen(listener: (message: RunMessage) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** As it is now, also when another process has gone on with it while it rested here. */
  async view(): Promise<RunView> {
    await this.#resting
    if (!this.#active) await this.#refresh()
    const view = await viewRun(this.#head, this.#state, this.#committer.seq, this.#env.blobs)
    if (!this.#active) return view
    // What is shown counts as told, so it must be kept first; where it cannot be, the journal alone tells.
    await this.#committer.flush()
    return this.lost ? this.view() : view
  }

  async idle(): Promise<RunView> {
    if (this.#active) await new Promise<void>((resolve) => this.#idle.push({ resolve }))
    if (this.#lost !== undefined) throw this.#lost
    return this.view()
  }

  get active(): boolean {
    return this.#active
  }

  /** Another process has it, or it cannot be kept: this handle only reads. */
  get lost(): boolean {
    return this.#lost !== undefined
  }

  cancel(by = 'owner'): Promise<void> {
    return this.#alone(async () => {
      await this.#settled()
      if (!this.#active) await this.#refresh()
      if (isSettled(this.#state)) return
      await this.#activate()
      this.#record({ type: 'run.cancelled', at: this.#env.clock.now(), by })
      this.#abortAll()
      this.#pump()
      await this.#settled()
    })
  }

  decide(review: string, decision: DecisionInput): Promise<ReviewView> {
    return this.#alone(async () => {
      await this.#settled()
      if (!this.#active) await this.#refresh()
      if (this.#judged(review, decision)) await this.#take(review, decision)
      const asked = this.#state.reviews.get(review)
      if (!asked) throw new PlanographError('bug', `Review ${review} has vanished.`)
      return reviewView(asked)
    })
  }

  /** Whoever held the run until now may have decided meanwhile, so it is judged again once it is ours. */
  async #take(review: string, decision: DecisionInput): Promise<void> {
    const { halted } = this.#state
    if (halted?.status === 'blocked') throw stillBlocked(this.id, halted.reason)
    await this.#activate()
    try {
      const event = this.#judged(review, decision)
      if (event) this.#record(event)
    } finally {
      this.#pump()
    }
    await this.#committer.flush()
    if (this.#lost !== undefined) throw this.#lost
  }

  /** The event that records a decision; nothing when it was taken before. Throws where it cannot be taken. */
  #judged(review: string, decision: DecisionInput): RunEvent | undefined {
    const judged = judge(this.#state, review, decision, this.#env)
    if (!judged.ok) throw fromFailure(judged.failure)
    return judged.event
  }

  /** Stops all attempts without an outcome; the run can be resumed. */
  park(reason: string): Promise<void> {
    return this.#alone(async () => {
      await this.#resting
      if (!this.#active || isSettled(this.#state)) return this.#stop()
      this.#record({ type: 'run.parked', at: this.#env.clock.now(), reason })
      this.#abortAll()
      await this.#rest()
      this.#stop()
    })
  }

  /** Keeps the run from going on with other versions of its nodes than it was made with. */
  async block(error: PlanographError): Promise<void> {
    const { class: kind, message, hint, code, details } = error
    const failure = { class: kind, message, hint, code, details, retry: false }
    this.#record({ type: 'run.blocked', at: this.#env.clock.now(), failure })
    await this.#rest()
  }

  /** Decisions, cancels and parking happen one after the other. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }

  #abortAll(): void {
    for (const attempt of this.#attempts.values()) attempt.abort()
    this.#attempts.clear()
  }

  /** No timer of this run goes off any more. */
  #stop(): void {
    for (const stop of this.#stopTimers.splice(0)) stop()
  }

  #recordResumed(versions: { [nodeType: string]: number }): void {
    const { host, pid } = this.#env.holder
    this.#record({ type: 'run.resumed', at: this.#env.clock.now(), holder: `${pid}@${host}`, versions })
  }

  #record(event: RunEvent): void {
    apply(this.#state, event)
    this.#committer.add(event)
  }

  /** Does what follows from the state until nothing follows any more. */
  #pump(): void {
    if (this.#active) for (const effect of decide(this.#state)) this.#do(effect)
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'start':
        this.#live({ type: 'step', step: refOf(effect.step), status: 'queued' })
        void runStep(this.#host, effect.step)
        break
      case 'abort':
        this.#attempts.get(effect.key)?.abort()
        this.#attempts.delete(effect.key)
        break
      case 'finish':
        this.#record({ type: 'run.finished', at: this.#env.clock.now(), status: effect.status })
        void this.#rest()
        break
      case 'wait':
        void this.#rest()
        break
    }
  }

  /** Makes everything durable, lets go of the run and tells who waits for it to be idle. */
  #rest(): Promise<void> {
    this.#resting ??= (async () => {
      await this.#committer.flush()
      this.#active = false
      this.#stop()
      // A run that could not be let go is free when its lease has run out.
      if (this.#lost === undefined) await this.#release().catch(() => {})
      this.#resting = undefined
      if (isSettled(this.#state)) this.#ended()
      for (const { resolve } of this.#idle.splice(0)) resolve()
      this.#fireDue()
    })()
    return this.#resting
  }

  async #release(): Promise<void> {
    const head = await this.#env.storage.journal.head(this.id)
    if (head) this.#head = head
    await this.#env.storage.journal.release(this.id, this.#epoch)
  }

  async #settled(): Promise<void> {
    while (this.#resting) await this.#resting
    if (this.#lost !== undefined) throw this.#lost
  }

  /** Reads what others did with the run while it rested here. */
  async #refresh(): Promise<void> {
    const head = await this.#env.storage.journal.head(this.id)
    if (!head || (this.#lost === undefined && head.seq === this.#committer.seq)) return
    this.#state = await loadState(this.#env, this.id)
    this.#committer.seq = head.seq
    this.#head = head
  }

  /** Takes the run again after a rest. */
  async #activate(): Promise<void> {
    if (this.#active) return
    const epoch = await holdRun(this.#env, this.id)
    await this.#refresh()
    this.#epoch = epoch
    this.#committer.stop()
    this.#committer = this.#makeCommitter(epoch, this.#committer.seq)
    this.#active = true
    this.#stop()
    this.#beat(epoch)
    const { halted, facts } = this.#state
    if (halted || [...facts.values()].some(({ status }) => status === 'running')) this.#recordResumed({})
  }

  #makeCommitter(epoch: number, seq: number): Committer {
    const { journal, results } = this.#env.storage
    return new Committer({
      journal,
      results,
      clock: this.#env.clock,
      run: this.id,
      epoch,
      seq,
      gather: () => this.#gather(),
      status: () => statusOf(this.#state),
      committed: (entries) => {
        for (const entry of entries) this.#tell(entry)
      },
      lost: (error) => this.#lose(error),
    })
  }

  /** Repeatable attempts that last get their start written, so that one that kills the process is known. */
  #gather(): void {
    for (const attempt of this.#attempts.values()) {
      if (!attempt.unwritten) continue
      this.#committer.add(attempt.unwritten)
      attempt.unwritten = undefined
    }
  }

  #lose(error: unknown): void {
    this.#lost = error instanceof Fenced ? takenOver(error) : error
    this.#active = false
    this.#committer.stop()
    this.#abortAll()
    this.#stop()
    if (!(error instanceof Fenced))
      void this.#env.storage.journal.release(this.id, this.#epoch).catch(() => {})
    for (const { resolve } of this.#idle.splice(0)) resolve()
  }

  #tell(message: RunMessage): void {
    for (const listener of this.#listeners) listener(message)
  }

  #live(live: LiveFrame): void {
    if (this.#listeners.size > 0) this.#tell({ live })
  }

  #beat(epoch: number): void {
    const { clock, storage } = this.#env
    let stopped = false
    let cancel = () => {}
    const again = () => {
      cancel = clock.after(heartbeatMs, async () => {
        if (stopped) return
        const now = clock.now()
        const ours = await storage.journal.heartbeat(this.id, epoch, now, now + leaseMs).catch(() => true)
        if (stopped) return
        if (ours) again()
        else this.#lose(new Fenced(this.id))
      })
    }
    again()
    this.#stopTimers.push(() => {
      stopped = true
      cancel()
    })
  }

  /** While this process lives it answers for reviews whose time comes; otherwise the next command does. */
  #fireDue(): void {
    for (const { review, status } of this.#state.reviews.values()) {
      const { onDue, dueAt, id } = review
      if (status !== 'open' || dueAt === undefined || onDue === undefined || onDue === 'wait') continue
      this.#at(dueAt, () => void this.decide(id, { kind: onDue, by: 'timeout' }).catch(() => {}))
    }
  }

  /** Timers hold no more than some weeks, so that long waits are taken in parts. */
  #at(time: number, then: () => void): void {
    const ms = Math.max(0, time - this.#env.clock.now())
    const stop = this.#env.clock.after(Math.min(ms, longestTimerMs), () =>
      ms > longestTimerMs ? this.#at(time, then) : then(),
    )
    this.#stopTimers.push(stop)
  }

  #makeHost(): StepHost {
    return {
      env: this.#env,
      run: this.id,
      name: this.#head.name,
      createdAt: this.#head.createdAt,
      order: this.#order,
      attempts: this.#attempts,
      state: () => this.#state,
      workflowText: () => {
        const { created } = this.#state
        return print(seededWorkflow(created.workflow, seedsOf(this.#state), this.#env.catalog))
      },
      record: (...events) => {
        if (!this.#active) return
        for (const event of events) this.#record(event)
        this.#pump()
      },
      begin: (attempt, event) => {
        apply(this.#state, event)
        attempt.unwritten = event
        this.#live({ type: 'step', step: attempt.ref, status: 'running' })
      },
      keep: (result) => this.#committer.keep(result),
      committed: () => this.#committer.flush(),
      takeover: () => (this.#state.options.planAnew ? Promise.resolve(undefined) : this.#takeover()),
      live: (frame, step) => this.#live({ ...frame, step }),
    }
  }
}

function refOf({ fact }: Step): StepRef {
  return { node: fact.node, index: fact.index, round: fact.round }
}

function stillBlocked(run: string, reason: string): PlanographError {
  return new PlanographError('blocked', reason, {
    code: 'run-blocked',
    hint: `Go on with the present versions first: planograph resume ${run} --accept-versions`,
  })
}

function takenOver({ run }: Fenced): PlanographError {
  return new PlanographError('blocked', `Another process has taken over run ${run}.`, {
    code: 'taken-over',
    hint: `Follow it there, or look with: planograph show ${run}`,
  })
}
