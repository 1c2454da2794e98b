import type { Clock } from '../clock.ts'
import { PlanographError } from '../errors.ts'
import type { RunEvent, RunStatus } from '../run/events.ts'
import { type CachedResult, Fenced, type Journal, type ResultCache } from '../storage.ts'

interface CommitterOptions {
  journal: Journal
  results: ResultCache
  clock: Clock
  run: string
  epoch: number
  /** Sequence number of the last event that is kept. */
  seq: number
  /** Called before a batch is taken: the last chance to add to it. */
  gather: () => void
  status: () => RunStatus
  committed: (entries: { seq: number; event: RunEvent }[]) => void
  /** The run is not ours any more, or cannot be kept: nothing may go on. */
  lost: (error: unknown) => void
}

/** How long events may wait for company, milliseconds: at first, and when nobody has asked for them for long. */
const shortestMs = 20
const longestMs = 320
const attempts = 5

/** Keeps events in groups: one transaction, and so one fsync, for all that has come meanwhile. */
export class Committer {
  readonly #options: CommitterOptions
  #events: RunEvent[] = []
  #results: CachedResult[] = []
  #working: Promise<void> | undefined
  #timer: (() => void) | undefined
  #dead = false
  #patience = shortestMs
  seq: number

  constructor(options: CommitterOptions) {
    this.#options = options
    this.seq = options.seq
  }

  add(event: RunEvent): void {
    this.#events.push(event)
    this.#timer ??= this.#options.clock.after(this.#patience, () => {
      this.#timer = undefined
      const patience = Math.min(this.#patience * 2, longestMs)
      void this.flush()
      this.#patience = patience
    })
  }

  keep(result: CachedResult): void {
    this.#results.push(result)
  }

  /** Resolves when all that was added before is durable and told. Never rejects: a failure is reported as lost. */
  async flush(): Promise<void> {
    this.#patience = shortestMs
    while (this.#working) await this.#working
    if (this.#dead) return
    this.#options.gather()
    if (this.#events.length === 0 && this.#results.length === 0) return
    this.#working = this.#commit().finally(() => {
      this.#working = undefined
    })
    await this.#working
  }

  /** Nothing is written from now on. */
  stop(): void {
    this.#dead = true
    this.#timer?.()
  }

  async #commit(): Promise<void> {
    this.#timer?.()
    this.#timer = undefined
    const { journal, run, epoch, results, status, committed, lost } = this.#options
    const events = this.#events
    const made = this.#results
    this.#events = []
    this.#results = []
    try {
      if (made.length > 0) await this.#insist(() => results.put(made))
      if (events.length > 0) {
        const now = status()
        await this.#insist(() => journal.append(run, epoch, events, now, this.seq))
      }
    } catch (error) {
      this.#dead = true
      lost(error)
      return
    }
    const first = this.seq + 1
    this.seq += events.length
    committed(events.map((event, i) => ({ seq: first + i, event })))
  }

  /** A write whose answer was lost may have happened; doing it again changes nothing then. */
  async #insist(write: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await write()
        return
      } catch (error) {
        if (error instanceof Fenced || !mayPass(error) || attempt === attempts) throw error
        await this.#pause(25 * 2 ** attempt)
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.after(ms, resolve))
  }
}

function mayPass(error: unknown): boolean {
  return !(error instanceof PlanographError) || error.retry
}
