import { list, quoted, withArticle } from '../../../../runtime/wording.ts'
import { nearWishes, readPrompt, type Vocabulary } from '../../../kinds/vocabulary.ts'
import { type Change, described } from './read-changes.ts'
import { clausesOf } from './scanner.ts'

/** What a model of few words can be told. */
export interface Slots {
  adjective?: string
  colour?: string
  subject?: string
  setting?: string
  time?: string
  style?: string
  /** Parts that name nothing to draw, in known words. */
  extras: string[]
}

const adjectives = [
  'big',
  'large',
  'huge',
  'giant',
  'little',
  'small',
  'tiny',
  'old',
  'tall',
  'cute',
  'wooden',
]
const places: Readonly<Record<string, string>> = {
  hill: 'on a hill',
  sea: 'by the sea',
  desert: 'in the desert',
  snow: 'in the snow',
  city: 'in the city',
  meadow: 'in a meadow',
}
const moments: Readonly<Record<string, string>> = {
  dawn: 'at dawn',
  day: 'by day',
  dusk: 'at dusk',
  night: 'at night',
}
/** What suits a place of which nothing more is said. */
const companions: Readonly<Record<string, string>> = {
  sea: 'boat',
  hill: 'house',
  desert: 'mountain',
  snow: 'tree',
  city: 'car',
  meadow: 'flower',
}

/** Reads a prompt into slots. */
export function slotsOf(vocabulary: Vocabulary, text: string): Slots {
  const { subject, colours, setting, time, style } = readPrompt(vocabulary, text)
  const extras = clausesOf(text).filter((clause) => isExtra(vocabulary, clause))
  return {
    adjective: adjectiveIn(vocabulary, text),
    colour: colours[0],
    subject,
    setting,
    time,
    style,
    extras,
  }
}

/** "a big red house": the adjective, where the subject follows within three words. */
function adjectiveIn(vocabulary: Vocabulary, text: string): string | undefined {
  const words = text.toLowerCase().split(/[^a-z]+/)
  return words.find((word, i) => {
    if (!adjectives.includes(word) || !vocabulary.other.includes(word)) return false
    return readPrompt(vocabulary, words.slice(i + 1, i + 4).join(' ')).subject !== undefined
  })
}

function isExtra(vocabulary: Vocabulary, clause: string): boolean {
  const { subject, colours, setting, time, style, known, unknown } = readPrompt(vocabulary, clause)
  const names = subject ?? colours[0] ?? setting ?? time ?? style
  return names === undefined && known.length > 0 && unknown.length === 0
}

function placeOf(setting: string, subject: string | undefined): string {
  if (setting === 'sea' && subject === 'boat') return 'on the sea'
  return places[setting] ?? `in the ${setting}`
}

/** Slots as a prompt of the kind the model was trained on. */
export function spell({ adjective, colour, subject, setting, time, style, extras }: Slots): string {
  const words = [adjective, colour, subject].filter((word) => word !== undefined).join(' ')
  const scene = [
    words && withArticle(words),
    setting && placeOf(setting, subject),
    time && (moments[time] ?? `at ${time}`),
  ]
  return [scene.filter(Boolean).join(' '), style && `${style} style`, ...extras].filter(Boolean).join(', ')
}

/** What later words say takes the place of what was there; the rest stays. */
export function mergeSlots(before: Slots, after: Slots): Slots {
  const said = Object.fromEntries(Object.entries(after).filter(([, value]) => value !== undefined))
  return { ...before, ...said, extras: [...new Set([...before.extras, ...after.extras])] }
}

/** Changes made to slots. A removed thing leaves its slot empty. */
export function changeSlots(vocabulary: Vocabulary, slots: Slots, changes: readonly Change[]): Slots {
  return changes.reduce((now, change) => {
    if (change.do === 'add') return addTo(vocabulary, now, change.what)
    if (change.do !== 'remove') return mergeSlots(now, slotsOf(vocabulary, described(change)))
    return withoutSlots(now, slotsOf(vocabulary, change.what), change.what)
  }, slots)
}

/** The model paints one subject: a second one is not taken for the first. */
function addTo(vocabulary: Vocabulary, slots: Slots, what: string): Slots {
  const added = slotsOf(vocabulary, what)
  return slots.subject && added.subject ? slots : mergeSlots(slots, added)
}

function withoutSlots(slots: Slots, gone: Slots, what: string): Slots {
  const kept = (name: Exclude<keyof Slots, 'extras'>) =>
    gone[name] === slots[name] ? undefined : slots[name]
  return {
    adjective: kept('adjective'),
    colour: kept('colour'),
    subject: kept('subject'),
    setting: kept('setting'),
    time: kept('time'),
    style: kept('style'),
    extras: slots.extras.filter((extra) => !extra.includes(what.toLowerCase())),
  }
}

/** A known subject for a wish that names a place or a time and nothing else. */
export function companionOf(vocabulary: Vocabulary, { setting, time }: Slots): string | undefined {
  if (setting === undefined && time === undefined) return undefined
  const fitting = (setting && companions[setting]) ?? 'lighthouse'
  return fitting in vocabulary.subjects ? fitting : Object.keys(vocabulary.subjects)[0]
}

/** What the model knows, for people. */
export function known(vocabulary: Vocabulary): string {
  return `It draws ${list(Object.keys(vocabulary.subjects))}`
}

export function unknownWarning(
  vocabulary: Vocabulary,
  unknown: readonly string[],
  subject: string | undefined,
): string {
  const words = quoted(unknown.slice(0, 8), 'or')
  if (subject !== undefined)
    return `The demo model does not know ${words}: that part of the wish is left out.`
  const near = nearWishes(vocabulary, { ...readPrompt(vocabulary, unknown.join(' ')) })
  return `The demo model does not know ${words} and will not paint this. ${known(vocabulary)}. Near wishes: ${near.join(' · ')}.`
}
