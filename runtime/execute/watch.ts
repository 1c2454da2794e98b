import type { Clock } from '../clock.ts'
import { PlanographError } from '../errors.ts'
import type { Attempt } from './attempt.ts'

interface Watched {
  attempt: Attempt
  stallMs: number
  totalMs: number
  late: (error: PlanographError) => void
}

/** How often limits are looked at, milliseconds. */
const everyMs = 250

/** Ends attempts that show no sign of progress, or last too long. One timer for all of them. */
export class Watch {
  readonly #clock: Clock
  readonly #watched = new Set<Watched>()
  #armed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The answer ends the watch. */
  add(watched: Watched): () => void {
    this.#watched.add(watched)
    this.#arm()
    return () => this.#watched.delete(watched)
  }

  #arm(): void {
    if (this.#armed) return
    this.#armed = true
    this.#clock.after(everyMs, () => {
      this.#armed = false
      for (const watched of [...this.#watched]) this.#look(watched)
      if (this.#watched.size > 0) this.#arm()
    })
  }

  #look(watched: Watched): void {
    const { attempt, stallMs, totalMs, late } = watched
    const now = this.#clock.now()
    const stalled = now - attempt.lastSign >= stallMs
    if (!stalled && now - attempt.startedAt < totalMs) return
    this.#watched.delete(watched)
    late(stalled ? stallError(attempt, stallMs) : totalError(attempt, totalMs))
  }
}

function stallError({ ref }: Attempt, ms: number): PlanographError {
  return new PlanographError('timeout', `"${ref.node}" showed no progress for ${seconds(ms)}.`, {
    code: 'stalled',
    hint: 'Look whether the server it waits for still works.',
  })
}

function totalError({ ref }: Attempt, ms: number): PlanographError {
  return new PlanographError('timeout', `"${ref.node}" was not finished after ${seconds(ms)}.`, {
    code: 'too-long',
    hint: 'Ask for less at once, or raise the limit.',
  })
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 100) / 10} seconds` : `${Math.round(ms / 60_000)} minutes`
}
