import type { RunView, StepView } from '../../runtime/api.ts'
import type { Failure, FailureClass } from '../../runtime/errors.ts'

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  waiting: 3,
  timeout: 4,
  unreachable: 5,
  cancelled: 130,
} as const

/** The exit code of a run that goes on no more by itself. The first that applies. */
export function runExitCode({ status, steps }: Pick<RunView, 'status' | 'steps'>): number {
  const failures = new Set(steps.flatMap(failuresOf).map((failure) => failure.class))
  if (status === 'cancelled') return exitCodes.cancelled
  if (status === 'parked') return exitCodes.timeout
  if (failures.has('invalid')) return exitCodes.usage
  if (failures.has('unreachable') || failures.has('auth')) return exitCodes.unreachable
  if (failures.size > 0 || stopped.has(status)) return exitCodes.failed
  return status === 'waiting' ? exitCodes.waiting : exitCodes.done
}

function failuresOf({ failure, itemFailures = [] }: StepView): Failure[] {
  return failure ? [failure, ...itemFailures] : itemFailures
}

const stopped: ReadonlySet<string> = new Set(['failed', 'rejected', 'blocked'])

/** The exit code of an error outside any step. */
export function errorExitCode(kind: FailureClass): number {
  switch (kind) {
    case 'invalid':
      return exitCodes.usage
    case 'unreachable':
    case 'auth':
      return exitCodes.unreachable
    case 'cancelled':
      return exitCodes.cancelled
    case 'timeout':
      return exitCodes.timeout
    case 'rate-limit':
    case 'out-of-memory':
    case 'unsupported':
    case 'refused':
    case 'poison':
    case 'blocked':
    case 'bug':
      return exitCodes.failed
  }
}
