import type { RunMessage, RunView } from '../../../runtime/api.ts'
import type { Problem } from '../../../runtime/problem.ts'
import type { Written } from '../write-outputs.ts'

export interface Outcome {
  /** Everything that was written, absolute paths. */
  files: string[]
  /** Of these, what was written for outputs. */
  written: Written[]
  warnings: Problem[]
  /** As given with --home, for the commands that are suggested. */
  home?: string
}

/** How a run is shown: to people, as one document, or as a stream of events. */
export interface Report {
  tell(message: RunMessage): void
  /** Takes away what is drawn, so that something else can be shown. */
  clear(): void
  finish(view: RunView, outcome: Outcome): Promise<void>
}
