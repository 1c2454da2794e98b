import type { KeyParts, RunEvent } from '../run/events.ts'
import type { RunState } from '../run/state.ts'
import type { CachedResult } from '../storage.ts'
import type { Assembled } from './assemble.ts'
import type { Attempt, AttemptHost } from './attempt.ts'
import type { Takeover } from './takeover.ts'

/** What a step needs of its run. */
export interface StepHost extends AttemptHost {
  state: () => RunState
  order: number
  /** Applies the events, sends them on their way to the journal and does what follows. */
  record: (...events: RunEvent[]) => void
  keep: (result: CachedResult) => void
  /** Everything recorded so far is durable. */
  committed: () => Promise<void>
  /** Applies the start of a repeatable attempt; it is written only if the attempt lasts. */
  begin: (attempt: Attempt, event: RunEvent) => void
  takeover: () => Promise<Takeover | undefined>
  attempts: Map<string, Attempt>
}

/** What is known of a step before it is computed. */
export interface Prepared {
  values: Assembled
  parts: KeyParts
  key: string
  requestKey?: string
}

/** The attempt has its outcome. */
export function end(host: StepHost, attempt: Attempt): void {
  attempt.live = false
  if (host.attempts.get(attempt.key) === attempt) host.attempts.delete(attempt.key)
}
