import type { Out } from '../io.ts'

/** Lines at the bottom of a terminal that are drawn anew; whatever else is written goes above them. */
export interface LiveArea {
  draw(lines: string[]): void
  /** Writes lasting lines above. */
  above(lines: string[]): void
  clear(): void
}

export function liveArea(out: Out): LiveArea {
  let drawn = 0
  const erased = () => (drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : '')
  const draw = (lines: string[]) => {
    out.write(erased() + lines.map((line) => `${line}\n`).join(''))
    drawn = lines.length
  }
  return {
    draw,
    above(lines) {
      out.write(erased() + lines.map((line) => `${line}\n`).join(''))
      drawn = 0
    },
    clear() {
      if (drawn > 0) out.write(erased())
      drawn = 0
    },
  }
}
