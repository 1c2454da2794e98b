import { PlanographError } from '../../../../runtime/errors.ts'
import type { Job, JobEvent } from '../backend.ts'

/** A job whose events any number of readers follow from the beginning. */
export class EventJob implements Job {
  readonly id: string
  private readonly events: JobEvent[] = []
  private readonly stop = new AbortController()
  private error: Error | undefined
  private ended = false
  private wake: (() => void)[] = []

  constructor(id: string) {
    this.id = id
  }

  get signal(): AbortSignal {
    return this.stop.signal
  }

  /** Done, failed or cancelled: nothing more will come. */
  get isOver(): boolean {
    return this.ended
  }

  async cancel(): Promise<void> {
    this.stop.abort()
    this.fail(new PlanographError('cancelled', 'Painting was cancelled.'))
  }

  /** Ignored once the job has ended. */
  emit(event: JobEvent): void {
    if (this.ended) return
    this.events.push(event)
    if (event.type === 'done') this.ended = true
    this.tell()
  }

  fail(error: Error): void {
    if (this.ended) return
    this.error = error
    this.ended = true
    this.tell()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<JobEvent> {
    for (let next = 0; ; next++) {
      while (next >= this.events.length && !this.ended)
        await new Promise<void>((resolve) => this.wake.push(resolve))
      const event = this.events[next]
      if (!event) break
      yield event
    }
    if (this.error) throw this.error
  }

  private tell(): void {
    const waiting = this.wake
    this.wake = []
    for (const resolve of waiting) resolve()
  }
}
