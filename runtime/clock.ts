/** Time, handed in so that tests can own it. All times are milliseconds since 1970. */
export interface Clock {
  now(): number
  /** Calls back once after `ms`; the answer cancels it. Must not keep the process alive by itself. */
  after(ms: number, callback: () => void): () => void
  /** Lets other work of the process have its turn. */
  breathe(): Promise<void>
}
