import { padEnd, textWidth, wrap } from './text-width.ts'

/** Rows of cells in columns; the last column is wrapped to what is left of `columns`. No borders, two spaces between. */
export function table(rows: readonly (readonly string[])[], columns = 100): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count - 1 }, (_, at) =>
    Math.max(0, ...rows.map((row) => textWidth(row[at] ?? ''))),
  )
  const before = widths.reduce((sum, width) => sum + width + 2, 0)
  return rows.flatMap((row) => rowLines(row, widths, before, Math.max(24, columns - before)))
}

function rowLines(row: readonly string[], widths: number[], before: number, rest: number): string[] {
  const head = widths.map((width, at) => `${padEnd(row[at] ?? '', width)}  `).join('')
  const [first = '', ...more] = wrap(row[widths.length] ?? '', rest)
  return [(head + first).trimEnd(), ...more.map((line) => ' '.repeat(before) + line)]
}
