import { type Entry, lights, moods, type Style, styles, times } from './looks.ts'
import { counts, type Format, formats, type Quality, qualities, type Strength, strengths } from './orders.ts'
import { type Parameters, readParameters } from './read-parameters.ts'
import { anyOf, clausesOf, type Scanner, scan, tidy } from './scanner.ts'

/** Something that was read, with the words that said it: reasons quote them. */
export type Read<T> = T & { said: string }

/** What rules can tell of a wish. */
export interface Wish extends Parameters {
  /** What is to be seen, without what was read as orders. The subject comes first. */
  scene: string[]
  avoid: string[]
  styles: Read<Style>[]
  moods: Read<Entry>[]
  lights: Read<Entry>[]
  time?: Read<Entry>
  format?: Read<Format>
  quality?: Read<Quality>
  strength?: Read<Strength>
  count?: Read<{ count: number }>
}

/** Reads a wish in English. The same words always read the same. */
export function readWish(text: string): Wish {
  const scanner = scan(text)
  const avoid = takeNegations(scanner)
  const parameters = readParameters(scanner)
  const count = takeCount(scanner)
  const quality = takeQuality(scanner)
  const format = takeFormat(scanner)
  const strength = takeFirst(scanner, strengths)
  const found = takeStyles(scanner)
  const lit = findAll(scanner, lights)
  return {
    ...parameters,
    avoid,
    count,
    quality,
    format,
    strength,
    styles: found,
    moods: findAll(scanner, moods).filter(({ said }) => !lit.some((light) => light.said.includes(said))),
    lights: lit,
    time: findAll(scanner, times)[0],
    scene: sceneOf(scanner.rest),
  }
}

const negation =
  /(?:,\s*)?\b(?:(?:but|and|with)\s+)?(?:there (?:should|must) be no|(?:i |we )?(?:do not|don't|dont) want(?: any| to see(?: any)?)?|(?:show|paint|draw) no|without(?: any)?|avoid(?:ing)?|leave out|free of|except(?: for)?|not any|no)\s+(?!more\b|less\b|fewer\b|longer\b|matter\b)([^,;.!?]+?)(?:\s+in the (?:picture|image|scene))?(?=\s+(?:but|with|in (?:the )?style|please)\b|\s*[,;.!?]|$)/i

function takeNegations(scanner: Scanner): string[] {
  const avoid: string[] = []
  for (let match = scanner.take(negation); match; match = scanner.take(negation))
    avoid.push(...(match[1] ?? '').split(/\s+(?:or|and|nor)\s+/).map(bare))
  return [...new Set(avoid.filter((word) => word !== ''))]
}

/** Without articles and the like in front. */
export function bare(text: string): string {
  return tidy(text.replace(/^\s*(?:(?:an?|the|any|some|its?|that|this|these|those|my|your)\s+)+/i, ''))
}

const pictures =
  '(?:variations?|variants?|versions?|pictures?|images?|options?|takes|alternatives|ideas|samples)'

function takeCount(scanner: Scanner): Wish['count'] {
  const number = anyOf(Object.keys(counts)).source
  const match = scanner.take(
    new RegExp(`(\\b\\d{1,2}|${number})\\s+(?:different\\s+)?${pictures}(?:\\s+of)?\\b`, 'i'),
  )
  const said = match?.[1]?.toLowerCase()
  if (!said || !match) return undefined
  const count = counts[said] ?? Number(said)
  return count >= 1 && count <= 64 ? { count, said: tidy(match[0].replace(/\s+of$/, '')) } : undefined
}

/** Several may be said; the first in the table counts. */
function takeQuality(scanner: Scanner): Wish['quality'] {
  const read: Read<Quality>[] = []
  for (const quality of qualities)
    for (let said = takeOne(scanner, quality); said; said = takeOne(scanner, quality))
      read.push({ ...quality, said })
  return read[0]
}

function takeOne(scanner: Scanner, { words }: Quality): string | undefined {
  const called = scanner.take(anyOf(words, (inner) => `(?:\\ban?\\s+)?(${inner})\\s+of\\b`))
  const match = called ?? scanner.take(anyOf(words, (inner) => `(?:\\bin\\s+)?(${inner})`))
  return match?.[1]
}

function takeFormat(scanner: Scanner): Wish['format'] {
  for (const format of formats) {
    const alone = new RegExp(
      `(?<=^|[,;.]\\s*)(?:as |in |make it )?(${format.alone.join('|')})(?=\\s*(?:[,;.]|$))`,
      'i',
    )
    const lonely = format.alone.length > 0 ? scanner.take(alone) : undefined
    if (lonely) return { ...format, said: lonely[1] ?? lonely[0] }
    const match = scanner.find(anyOf(format.words))
    if (!match) continue
    takeFormatWords(scanner, format)
    return { ...format, said: match[0] }
  }
  return undefined
}

/** Takes "as a postcard" and ", wide format"; leaves "a portrait of a cat" and "a mountain landscape" in the scene. */
function takeFormatWords(scanner: Scanner, { words }: Format) {
  const shape = '(?:\\s+(?:format|orientation|shape))?'
  const told = scanner.take(anyOf(words, (inner) => `\\b(?:as|in|for)\\s+(?:an?\\s+)?${inner}${shape}`))
  if (told || scanner.take(/(?:\bin )?\b\d{1,2}:\d{1,2}\b/)) return
  scanner.take(anyOf(words, (inner) => `(?<=^|[,;.]\\s*)(?:an?\\s+)?${inner}${shape}(?=\\s*(?:[,;.]|$))`))
}

function takeFirst<T extends { words: readonly string[] }>(
  scanner: Scanner,
  entries: readonly T[],
): Read<T> | undefined {
  for (const entry of entries) {
    const match = scanner.take(anyOf(entry.words))
    if (match) return { ...entry, said: match[0] }
  }
  return undefined
}

const styleNouns =
  '(?:\\s+(?:style|styled|painting|drawing|picture|image|illustration|look|art|artwork|version))*'

function takeStyles(scanner: Scanner): Read<Style>[] {
  return styles.flatMap((style) => {
    const inWords = (inner: string) =>
      `(?:\\b(?:in|into|as|like)\\s+)?(?:\\b(?:an?|the)\\s+)?(?:style of\\s+(?:an?\\s+)?)?(${inner})${styleNouns}(?:\\s+of\\b)?`
    const match = scanner.take(anyOf(style.words, inWords))
    return match ? [{ ...style, said: match[1] ?? match[0] }] : []
  })
}

function findAll<T extends Entry>(scanner: Scanner, entries: readonly T[]): Read<T>[] {
  return entries.flatMap((entry) => {
    const match = scanner.find(anyOf(entry.words))
    return match ? [{ ...entry, said: match[0] }] : []
  })
}

const opening =
  /^(?:(?:hi|hello|hey|please|kindly|so|well|and|but|then|also|ok|okay)\b[,!]?\s*|(?:can|could|would|will) you\s+|(?:i|we)(?:'d| would)? (?:want|like|need|love|wish for)(?: to see| to have)?\s+|let'?s (?:have|see)\s+|(?:make|create|draw|paint|generate|render|show|give|design)(?: me| us)?\s+(?=(?:an?|some|one)\b)|(?:an?|the|some)\s+(?:nice |good |pretty |beautiful )?(?:picture|image|painting|drawing|illustration|artwork)\s+(?:of|with|showing)\s+|(?:(?:an?|the|one)\s+)?(?:postcard|greeting card|poster|banner|wallpaper|book cover|panorama)\s+of\s+)/i
const ending = /(?:\s+(?:and|but|with|in|as|of|for|an?|the|please|thanks|thank you)|\bplease)$/i

/** Clauses that say nothing once the rest was taken out of them. */
const empty =
  /^(?:please|thanks|thank you|style|no|yes|it|(?:(?:make|turn|change|convert|transform|paint|redraw|repaint) )?(?:it|this|that|the (?:picture|image|photo))(?: (?:in)?to)?|make|turn|change)$/i

function sceneOf(rest: string): string[] {
  return clausesOf(rest)
    .map(strip)
    .filter((clause) => /[a-z0-9]/i.test(clause) && !empty.test(clause))
}

function strip(clause: string): string {
  const shorter = tidy(clause.replace(opening, '').replace(ending, ''))
  return shorter === clause ? clause : strip(shorter)
}
