/** "a, b and c" */
export function list(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

export function withArticle(noun: string): string {
  return /^[aeio]/i.test(noun) ? `an ${noun}` : `a ${noun}`
}

/** Names as a person would see them in a sentence, each in quotes. */
export function quoted(names: readonly string[], last: 'and' | 'or' = 'and'): string {
  return list(
    names.map((name) => `"${name}"`),
    last,
  )
}
