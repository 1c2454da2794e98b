import type { Progress } from '../../../runtime/define-node.ts'
import { durationText } from '../duration.ts'
import type { Style } from './style.ts'
import { clip, padEnd, printable } from './text-width.ts'

export interface RunningStep {
  name: string
  /** Milliseconds since it started. */
  elapsed: number
  progress?: Progress
  /** The end of what it streams, for steps that write text. */
  text?: string
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const barColumns = 24

/** One line for a running step: a bar when its end is known, else what it says. */
export function progressLine(step: RunningStep, columns: number, tick: number, style: Style): string {
  const name = padEnd(clip(step.name, 18), 18)
  const bar = barOf(step.progress, style)
  const used = 2 + 18 + 2 + (bar ? barColumns + 2 : 0)
  const rest = clip(printable(remark(step)).replaceAll('\n', ' '), Math.max(8, columns - used - 1))
  const frame = style.blue(frames[tick % frames.length] ?? '·')
  return `${frame} ${name}  ${bar ? `${bar}  ` : ''}${rest}`
}

function barOf(progress: Progress | undefined, style: Style): string | undefined {
  if (!progress?.total) return undefined
  const part = Math.min(1, Math.max(0, progress.value / progress.total))
  const full = Math.round(part * barColumns)
  return style.blue('━'.repeat(full)) + style.dim('━'.repeat(barColumns - full))
}

function remark({ progress, text, elapsed }: RunningStep): string {
  const parts = [durationText(elapsed)]
  if (progress?.total && !progress.note)
    parts.unshift(`${Math.round((100 * progress.value) / progress.total)} %`)
  if (progress?.note) parts.unshift(progress.note)
  if (text) parts.push(text.slice(-80))
  return parts.join(' · ')
}
