import { quoted } from './wording.ts'

/**
 * Up to `limit` of the names that come closest to a misspelled one, nearest first: those within one edit (short names),
 * two, or a third of the length (long ones), and those that contain it or are contained in it.
 */
export function nearest(name: string, names: Iterable<string>, limit = 3): string[] {
  const wanted = name.toLowerCase()
  const scored: { name: string; distance: number }[] = []
  for (const candidate of names) {
    const distance = closeness(wanted, candidate.toLowerCase())
    if (distance !== undefined) scored.push({ name: candidate, distance })
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return scored.slice(0, limit).map((entry) => entry.name)
}

function closeness(wanted: string, candidate: string): number | undefined {
  const allowed = wanted.length <= 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3))
  if (Math.abs(wanted.length - candidate.length) <= allowed) {
    const distance = editDistance(wanted, candidate)
    if (distance <= allowed && distance < wanted.length) return distance
  }
  const contained = wanted.length > 2 && candidate.includes(wanted)
  const contains = candidate.length > 2 && wanted.includes(candidate)
  return contained || contains ? allowed + 1 : undefined
}

/** Edits between two words: insert, delete, replace, swap two neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? (before[j - 2] ?? Infinity) + 1 : Infinity
      next.push(Math.min(replace, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}

/** Beyond this many names looking for the nearest costs more than it helps. */
const mostNames = 200

/** "Did you mean …?" for a misspelled name, else the whole choice when it is short, else `otherwise`. */
export function suggestion(name: string, names: readonly string[], otherwise: string): string {
  const near = names.length > mostNames ? [] : nearest(name, names)
  if (near.length > 0) return `Did you mean ${quoted(near, 'or')}?`
  if (names.length > 0 && names.length <= 12) return `There is ${quoted(names)}.`
  return otherwise
}
