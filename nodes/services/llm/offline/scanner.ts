/** A text that is read by taking phrases out of it, until only the scene is left. */
export interface Scanner {
  /** The first match, taken out and with the gap closed. */
  take(pattern: RegExp): RegExpMatchArray | undefined
  /** The first match, left where it is. */
  find(pattern: RegExp): RegExpMatchArray | undefined
  readonly rest: string
}

export function scan(text: string): Scanner {
  let rest = tidy(text)
  return {
    take(pattern) {
      const match = rest.match(pattern)
      if (match)
        rest = tidy(`${rest.slice(0, match.index)} ${rest.slice((match.index ?? 0) + match[0].length)}`)
      return match ?? undefined
    },
    find: (pattern) => rest.match(pattern) ?? undefined,
    get rest() {
      return rest
    },
  }
}

/** Any of the words, whole, whatever their case. `around` places them inside a larger pattern. */
export function anyOf(words: readonly string[], around = (inner: string) => inner): RegExp {
  const inner = [...words].sort((a, b) => b.length - a.length).map(literal)
  return new RegExp(around(`(?<![\\w-])(?:${inner.join('|')})(?![\\w-])`), 'i')
}

const literal = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+')

/** One space between words, none before punctuation, no empty clauses. */
export function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\s+([,;.!?])/g, '$1')
    .replace(/([,;.])(?:\s*[,;.])+(?!\d)/g, '$1')
    .replace(/^[\s,;.!?]+|[\s,;]+$/g, '')
    .trim()
}

/** The parts between commas and full stops, none empty. A point inside a number parts nothing. */
export function clausesOf(text: string): string[] {
  return text
    .split(/[,;\n]|[.!?](?=\s|$)/)
    .map(tidy)
    .filter((clause) => clause !== '')
}
