import type { LiveFrame, RunMessage } from '../../../runtime/api.ts'
import { type RunEvent, type StepRef, stepName } from '../../../runtime/run/events.ts'
import { type Io, say } from '../io.ts'
import { liveArea } from './live-area.ts'
import { progressLine, type RunningStep } from './progress-line.ts'
import { eventLines } from './step-line.ts'
import { styleFor } from './style.ts'

/** Shows on stderr what a run does. */
export interface ProgressView {
  tell(message: RunMessage): void
  /** Takes the bars away, so that something else can be shown; the next message brings them back. */
  clear(): void
}

interface Tracked extends Omit<RunningStep, 'elapsed'> {
  since: number
  /** Quarters already told, on a plain stream. */
  told: number
}

/** A bar per running step on a terminal; plain lines otherwise. */
export function progressView(io: Io): ProgressView {
  return io.stderr.isTTY && io.env.TERM !== 'dumb' ? terminalProgress(io) : plainProgress(io)
}

const redrawMs = 100

function terminalProgress(io: Io): ProgressView {
  const area = liveArea(io.stderr)
  const style = styleFor(io.stderr, io.env)
  const running = new Map<string, Tracked>()
  let timer: NodeJS.Timeout | undefined
  let tick = 0
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const draw = () => {
    const now = Date.now()
    const columns = io.stderr.columns || 80
    tick += 1
    area.draw(
      [...running.values()].map((step) =>
        progressLine({ ...step, elapsed: now - step.since }, columns, tick, style),
      ),
    )
  }
  const drawAgain = () => {
    if (running.size === 0) return stop()
    timer ??= setInterval(draw, redrawMs).unref()
  }
  return {
    tell(message) {
      if ('live' in message) trackFrame(running, message.live)
      else {
        trackEvent(running, message.event)
        const lines = eventLines(message.event, style)
        if (lines.length > 0) area.above(lines)
        draw()
      }
      drawAgain()
    },
    clear() {
      stop()
      area.clear()
    },
  }
}

function plainProgress(io: Io): ProgressView {
  const style = styleFor(io.stderr, io.env)
  const running = new Map<string, Tracked>()
  return {
    tell(message) {
      if ('live' in message) {
        const quarter = trackFrame(running, message.live)
        if (quarter) say(io, quarter)
        return
      }
      trackEvent(running, message.event)
      if (message.event.type === 'step.started') say(io, `· ${stepName(message.event.step)}`)
      say(io, ...eventLines(message.event, style))
    },
    clear() {},
  }
}

function trackEvent(running: Map<string, Tracked>, event: RunEvent): void {
  switch (event.type) {
    case 'step.started':
      track(running, event.step)
      break
    case 'step.done':
    case 'step.failed':
    case 'review.opened':
      running.delete(stepName(event.step))
      break
    case 'run.cancelled':
    case 'run.parked':
    case 'run.blocked':
    case 'run.finished':
      running.clear()
      break
    case 'run.created':
    case 'run.resumed':
    case 'step.resolved':
    case 'step.demanded':
    case 'review.decided':
  }
}

function track(running: Map<string, Tracked>, step: StepRef): Tracked {
  const name = stepName(step)
  const tracked = running.get(name) ?? { name, since: Date.now(), told: 0 }
  running.set(name, tracked)
  return tracked
}

/** Keeps what a frame says; answers a line when another quarter of a step is through. */
function trackFrame(running: Map<string, Tracked>, frame: LiveFrame): string | undefined {
  if (frame.type === 'step') {
    if (frame.status === 'running') track(running, frame.step)
    else running.delete(stepName(frame.step))
    return undefined
  }
  const step = running.get(stepName(frame.step))
  if (!step || frame.type === 'preview') return undefined
  if (frame.type === 'text') {
    step.text = ((step.text ?? '') + frame.delta).slice(-200)
    return undefined
  }
  step.progress = frame.progress
  return quarterLine(step)
}

function quarterLine(step: Tracked): string | undefined {
  const { total, value, note } = step.progress ?? { value: 0 }
  if (!total) return undefined
  const quarter = Math.floor((4 * value) / total)
  if (quarter <= step.told || quarter >= 4) return undefined
  step.told = quarter
  return `  ${step.name}  ${note ?? `${quarter * 25} %`}`
}
