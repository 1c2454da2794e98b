import type { Failure } from '../../../runtime/errors.ts'
import { type RunEvent, type StepRef, stepName } from '../../../runtime/run/events.ts'
import { durationText } from '../duration.ts'
import type { Style } from './style.ts'
import { padEnd, printable } from './text-width.ts'

const name = (step: StepRef) => padEnd(stepName(step), 18)

/** Lasting lines about a committed event, for people. Most events have none. */
export function eventLines(event: RunEvent, style: Style): string[] {
  switch (event.type) {
    case 'step.done':
      return [
        `${style.green('✓')} ${name(event.step)}  ${style.dim(doneText(event))}`,
        ...(event.notes ?? []).map((note) => `  ${style.yellow('!')} ${printable(note)}`),
      ]
    case 'step.failed':
      return event.retryAt === undefined
        ? failureLines(name(event.step), event.failure, style)
        : [
            `${style.yellow('↻')} ${name(event.step)}  ${printable(event.failure.message)} ${style.dim(retryText(event.retryAt - event.at))}`,
          ]
    case 'review.decided':
      return [
        `${style.blue('●')} ${event.review}  ${event.decision.kind} ${style.dim(`by ${printable(event.decision.by)}${event.from ? `, taken over from run ${event.from.run}` : ''}`)}`,
      ]
    case 'run.created':
    case 'step.resolved':
    case 'step.demanded':
    case 'step.started':
    case 'review.opened':
    case 'run.cancelled':
    case 'run.parked':
    case 'run.resumed':
    case 'run.blocked':
    case 'run.finished':
      return []
  }
}

export function failureLines(who: string, failure: Failure, style: Style): string[] {
  const hint = failure.hint ? [`  ${style.dim(printable(failure.hint))}`] : []
  return [`${style.red('✗')} ${who}  ${printable(failure.message)}`, ...hint]
}

function doneText({ from, ms }: Extract<RunEvent, { type: 'step.done' }>): string {
  if (from === undefined) return durationText(ms)
  return from === 'cache' ? 'from the cache' : `taken over from run ${from.run}`
}

const retryText = (ms: number) => `(tries again in ${durationText(Math.max(0, ms))})`
