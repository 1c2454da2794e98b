import { describe, expect, it } from 'vitest'
import type { StepView } from '../../../runtime/api.ts'
import type { FailureClass } from '../../../runtime/errors.ts'
import type { RunStatus } from '../../../runtime/run/events.ts'
import { errorExitCode, runExitCode } from '../../../server/cli/exit-code.ts'

const failed = (kind: FailureClass): StepView => ({
  node: 'a',
  index: '',
  round: 1,
  type: 'prompt',
  status: 'failed',
  attempt: 1,
  ms: 0,
  notes: [],
  labels: [],
  failure: { class: kind, message: 'no', retry: false },
})

describe('the exit code of a run', () => {
  it.each<[RunStatus, FailureClass[], number]>([
    ['done', [], 0],
    ['waiting', [], 3],
    ['waiting', ['bug'], 1],
    ['rejected', [], 1],
    ['blocked', [], 1],
    ['failed', ['bug'], 1],
    ['failed', ['bug', 'unreachable'], 5],
    ['failed', ['auth'], 5],
    ['failed', ['unreachable', 'invalid'], 2],
    ['parked', ['invalid'], 4],
    ['cancelled', ['invalid'], 130],
  ])('%s with failures %j is %i', (status, failures, code) => {
    expect(runExitCode({ status, steps: failures.map(failed) })).toBe(code)
  })
})

describe('the exit code of an error outside any step', () => {
  it.each<[FailureClass, number]>([
    ['invalid', 2],
    ['unreachable', 5],
    ['auth', 5],
    ['cancelled', 130],
    ['timeout', 4],
    ['blocked', 1],
    ['bug', 1],
  ])('%s is %i', (kind, code) => {
    expect(errorExitCode(kind)).toBe(code)
  })
})
