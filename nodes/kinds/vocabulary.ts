import { z } from 'zod'

const Word = z.object({ synonyms: z.array(z.string()), plural: z.string().optional() })
const Words = z.record(z.string(), Word)

/** `vocabulary.json` of a model folder: all the words that a model with few words was trained on. */
export const Vocabulary = z.object({
  subjects: Words,
  colours: Words,
  settings: Words,
  times: Words,
  styles: Words,
  /** Plural to singular, of words other than the subjects themselves. */
  plurals: z.record(z.string(), z.string()).default({}),
  /** Words it has met that name nothing to draw. */
  other: z.array(z.string()).default([]),
})
export type Vocabulary = z.infer<typeof Vocabulary>

/** What a prompt says in the words of a vocabulary. Names are the vocabulary's own, whichever synonym was used. */
export interface Reading {
  /** The first subject named. */
  subject?: string
  /** In the order they are named; the first one is painted. */
  colours: string[]
  setting?: string
  time?: string
  style?: string
  /** Words of the prompt that the vocabulary has, once each. */
  known: string[]
  /** Words of the prompt that it does not have, once each. */
  unknown: string[]
}

type Group = 'subjects' | 'colours' | 'settings' | 'times' | 'styles'
const groups: readonly Group[] = ['subjects', 'colours', 'settings', 'times', 'styles']
const LONGEST_PHRASE = 4

/**
 * Reads a prompt by the rules of the vocabulary: lower case, words of a to z, the longest phrase first, plurals like the
 * singular. Prompt syntax (weights, brackets) does not disturb it.
 */
export function readPrompt(vocabulary: Vocabulary, text: string): Reading {
  const words = text
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
  const singular = singulars(vocabulary)
  const meant = (group: Group) => named.filter((name) => name.group === group).map(({ name }) => name)
  const named = namesIn(
    phrases(vocabulary),
    words.map((word) => singular.get(word) ?? word),
  )
  const has = knownWords(vocabulary)
  return {
    subject: meant('subjects')[0],
    colours: [...new Set(meant('colours'))],
    setting: meant('settings')[0],
    time: meant('times')[0],
    style: meant('styles')[0],
    known: [...new Set(words.filter((word) => has.has(word)))],
    unknown: [...new Set(words.filter((word) => word.length > 1 && !has.has(word)))],
  }
}

/**
 * Prompts close to one that names no subject: what it says of colour, setting, time and style, with the subjects whose
 * names are most like its unknown words.
 */
export function nearWishes(vocabulary: Vocabulary, reading: Reading, count = 6): string[] {
  const distance = (name: string) => {
    const names = [name, ...(vocabulary.subjects[name]?.synonyms ?? [])]
    return Math.min(...reading.unknown.flatMap((word) => names.map((other) => difference(word, other))), 1)
  }
  const nearest = Object.keys(vocabulary.subjects)
    .map((name) => ({ name, away: distance(name) }))
    .sort((a, b) => a.away - b.away)
  return nearest.slice(0, count).map(({ name }) => wish(name, reading))
}

function wish(subject: string, { colours, setting, time, style }: Reading): string {
  const thing = [colours[0], subject].filter(Boolean).join(' ')
  const article = /^[aeiou]/.test(thing) ? 'an' : 'a'
  return [`${article} ${thing}`, setting, time, style].filter(Boolean).join(', ')
}

function namesIn(index: Map<string, { group: Group; name: string }>, words: readonly string[]) {
  const found: { group: Group; name: string }[] = []
  for (let at = 0; at < words.length; ) {
    let length = Math.min(LONGEST_PHRASE, words.length - at)
    while (length > 1 && !index.has(words.slice(at, at + length).join(' '))) length--
    const hit = index.get(words.slice(at, at + length).join(' '))
    if (hit) found.push(hit)
    at += length
  }
  return found
}

function phrases(vocabulary: Vocabulary): Map<string, { group: Group; name: string }> {
  const index = new Map<string, { group: Group; name: string }>()
  for (const group of groups)
    for (const [name, { synonyms }] of Object.entries(vocabulary[group]))
      for (const phrase of [name, ...synonyms]) if (!index.has(phrase)) index.set(phrase, { group, name })
  return index
}

/** Plurals that are names themselves ("hills") stay as they are. */
function singulars(vocabulary: Vocabulary): Map<string, string> {
  const own = Object.entries(vocabulary.subjects).flatMap(([name, { plural }]) =>
    plural ? [[plural, name] as const] : [],
  )
  return new Map([...Object.entries(vocabulary.plurals), ...own])
}

function knownWords(vocabulary: Vocabulary): Set<string> {
  const texts = [...phrases(vocabulary).keys(), ...vocabulary.other, ...singulars(vocabulary).keys()]
  return new Set(texts.flatMap((text) => text.split(' ')))
}

/** Edit distance as a part of the longer word's length: 0 for equal words, 1 for words with nothing in common. */
function difference(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return (row[b.length] ?? 0) / Math.max(a.length, b.length, 1)
}
