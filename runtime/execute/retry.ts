import type { AnyNode } from '../define-node.ts'
import type { Failure } from '../errors.ts'
import type { Fact } from '../run/state.ts'

/** Waits, milliseconds: the first, and the longest. */
const firstMs = 500
const longestMs = 60_000
const defaultAttempts = 3

/** When to try again, or undefined when that is pointless. Doubles each time, with up to a quarter of jitter. */
export function retryTime(
  failure: Failure,
  fact: Fact,
  definition: AnyNode,
  now: number,
  random: () => number,
): number | undefined {
  const attempts = definition.attempts ?? defaultAttempts
  if (!failure.retry || fact.failures + 1 >= attempts) return undefined
  const wait = Math.min(firstMs * 2 ** fact.failures, longestMs) * (1 + random() / 4)
  return now + Math.round(Math.max(wait, failure.retryAfterMs ?? 0))
}
