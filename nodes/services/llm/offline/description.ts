import { colours, styles, times } from './looks.ts'
import { type Change, described } from './read-changes.ts'
import { bare, type Wish } from './read-wish.ts'
import { anyOf, clausesOf, tidy } from './scanner.ts'

/** A prompt of comma-separated parts with changes made to it. */
export function changeText(prompt: string, changes: readonly Change[]): string[] {
  return changes.reduce(changeParts, clausesOf(prompt))
}

function changeParts(parts: string[], change: Change): string[] {
  switch (change.do) {
    case 'swap':
      return replaceIn(parts, change.from, bare(change.to)) ?? [...parts, change.to]
    case 'remove':
      return without(parts, change.what)
    case 'become': {
      if (change.what === undefined) return put(parts, change.into)
      const whole = /^(?:an?|the|some) /i.test(change.into)
      const into = whole ? bare(change.into) : `${change.into} ${change.what}`
      return replaceIn(parts, change.what, into) ?? put(parts, described(change))
    }
    default:
      return put(parts, described(change))
  }
}

/** Adds a part; a time of day takes the place of the one before. */
function put(parts: string[], part: string): string[] {
  const time = timeIn(part)
  if (!time) return [...parts, part]
  const others = parts.map((each) =>
    each.replace(
      anyOf(
        allTimes,
        (inner) => `(?:\\b(?:at|by|in|during|under)\\s+(?:the\\s+|a\\s+)?)?${inner}(?:\\s+sky)?`,
      ),
      '',
    ),
  )
  return [...others.map(tidy).filter((each) => each !== ''), time]
}

const allTimes = times.flatMap(({ words }) => words)

/** The prompt words of a time of day, where a part names that and nothing else. */
function timeIn(part: string): string | undefined {
  const alone = (words: readonly string[]) =>
    anyOf(words, (inner) => `^(?:(?:at|by|in|during)\\s+)?(?:the\\s+|a\\s+)?${inner}(?:\\s*time)?$`)
  return times.find(({ words }) => alone(words).test(part))?.prompt
}

/** The thing with its old colour, replaced where it is first named; undefined where it is not. */
function replaceIn(parts: readonly string[], what: string, into: string): string[] | undefined {
  const painted = anyOf(
    [what],
    (inner) =>
      `\\b(an?\\s+)?(?:${into.split(' ').length > 1 ? `(?:${colours.join('|')})\\s+` : '\\b'})?${inner}`,
  )
  const at = parts.findIndex((part) => painted.test(part))
  if (at === -1) return undefined
  return parts.map((part, i) =>
    i === at
      ? part.replace(painted, (_, article?: string) => (article ? `${articleOf(into)} ${into}` : into))
      : part,
  )
}

const articleOf = (noun: string) => (/^[aeiou]/i.test(noun) ? 'an' : 'a')

const linking =
  '(?:\\s*\\b(?:with|and|on|in|at|by|near|under|over|of|beside|behind|above)\\s+)?(?:\\b(?:an?|the|some)\\s+)?'

/** Words before a thing that go with it. */
const adjectives = `(?:\\b(?:${[...colours, 'big', 'small', 'large', 'little', 'tiny', 'old', 'tall'].join('|')})\\s+)*`

function without(parts: readonly string[], what: string): string[] {
  const named = anyOf([what], (inner) => `${linking}${adjectives}${inner}`)
  return parts.map((part) => tidy(part.replace(named, ''))).filter((part) => part !== '')
}

/** The parts with this style in place of any other, and with moods and lights; nothing twice. */
export function dressed(parts: readonly string[], { styles: wished, moods, lights }: Wish): string[] {
  const body = wished.length > 0 ? parts.filter((part) => !isStyle(part)) : parts
  const added = [...wished, ...moods, ...lights].flatMap(({ prompt }) => prompt.split(', '))
  return unique([...body, ...added])
}

function isStyle(part: string): boolean {
  if (styles.some(({ prompt }) => prompt.split(', ').includes(part))) return true
  return styles.some(({ words }) =>
    anyOf(words, (inner) => `^(?:in |an? )*${inner}(?: style| painting| drawing| illustration)*$`).test(part),
  )
}

/** Without parts that another part holds already, whatever the case. */
export function unique(parts: readonly string[]): string[] {
  const kept: string[] = []
  for (const part of parts)
    if (part !== '' && !kept.some((other) => other.toLowerCase().includes(part.toLowerCase())))
      kept.push(part)
  return kept
}
