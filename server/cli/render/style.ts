import type { Env } from '../../app/env.ts'
import type { Out } from '../io.ts'

export interface Style {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  blue(text: string): string
}

const plain = (text: string) => text
const code = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`

/** Colours on a terminal, unless NO_COLOR (no-color.org) is set; FORCE_COLOR asks for them anywhere. */
export function styleFor(out: Out, env: Env): Style {
  const forced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== '0'
  const coloured = !env.NO_COLOR && env.TERM !== 'dumb' && (out.isTTY || forced)
  if (!coloured) return { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, blue: plain }
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    blue: code(36, 39),
  }
}
