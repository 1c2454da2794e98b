/** Texts and the signs between them; numbers and words are passed over. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

/**
 * Names that stand twice in one object of a JSON text, each as the path to it. `JSON.parse` keeps the last and says
 * nothing, so that a careless merge would lose a node. The text must be JSON.
 */
export function duplicateKeys(text: string): string[] {
  const found: string[] = []
  const path: Level[] = []
  let last = ''
  for (const [sign] of text.matchAll(token)) {
    const level = path.at(-1)
    if (sign === '{') path.push({ keys: new Set(), at: '' })
    else if (sign === '[') path.push({ at: 0 })
    else if (sign === '}' || sign === ']') path.pop()
    else if (sign === ',' && typeof level?.at === 'number') level.at++
    else if (sign === ':' && level?.keys) {
      level.at = JSON.parse(last)
      if (level.keys.has(last)) found.push(written(path))
      level.keys.add(last)
    }
    last = sign
  }
  return found
}

/** An object with the keys seen so far, or a list; `at` is the key or position that is being read. */
type Level = { keys: Set<string>; at: string } | { keys?: undefined; at: number }

function written(path: readonly Level[]): string {
  return path
    .map(({ at }) => (typeof at === 'number' ? `[${at}]` : `.${at}`))
    .join('')
    .slice(1)
}
