import { list, quoted } from '../../../../runtime/wording.ts'
import { readPrompt, type Vocabulary } from '../../../kinds/vocabulary.ts'
import type { Checkpoint } from '../facts.ts'
import { changeSlots, companionOf, known, type Slots, slotsOf, spell, unknownWarning } from './demo-prompt.ts'
import { changeText, dressed, unique } from './description.ts'
import type { Turned } from './dials.ts'
import { type Change, described } from './read-changes.ts'
import type { Wish } from './read-wish.ts'

/** What was read of a text. */
export interface Reading {
  wish: Wish
  changes: Change[]
  dials: Turned[]
}

export interface WrittenPrompt {
  prompt: string
  reason: string
  warnings: string[]
}

/** Writes the prompt for a checkpoint. `base` is a prompt that the changes are made to. */
export function writePrompt(reading: Reading, model: Checkpoint, base = ''): WrittenPrompt {
  return model.vocabulary ? writeDemo(reading, model.vocabulary, base) : writeWords(reading, model, base)
}

function writeDemo({ wish, changes, dials }: Reading, vocabulary: Vocabulary, base: string): WrittenPrompt {
  const styled: Change[] = wish.styles.map(({ said }) => ({ do: 'say', what: said }))
  const words = [...changes, ...styled]
  const slots = withExtras(changeSlots(vocabulary, slotsOf(vocabulary, base), words), dials, vocabulary)
  const unknown = readPrompt(vocabulary, words.map(described).join(', ')).unknown
  const twice = changes.find((change) => change.do === 'add' && slotsOf(vocabulary, change.what).subject)
  const warnings = [
    ...(unknown.length > 0 ? [unknownWarning(vocabulary, unknown, slots.subject)] : []),
    ...(twice && slots.subject
      ? [
          `The demo model paints one subject, here ${quoted([slots.subject])}: "${described(twice)}" is left out.`,
        ]
      : []),
  ]
  if (slots.subject !== undefined) return { prompt: spell(slots), reason: demoReason(slots), warnings }
  return withoutSubject(slots, unknown, vocabulary, warnings)
}

function withExtras(slots: Slots, dials: readonly Turned[], vocabulary: Vocabulary): Slots {
  const added = dials.flatMap(({ prompt }) =>
    prompt && readPrompt(vocabulary, prompt).unknown.length === 0 ? [prompt] : [],
  )
  const replaced = dials.flatMap(({ instead = [] }) => instead)
  return {
    ...slots,
    extras: unique([...slots.extras.filter((extra) => !replaced.includes(extra)), ...added]),
  }
}

function demoReason(slots: Slots): string {
  const { colour, setting, time, style } = slots
  const open = [!colour && 'colour', !setting && 'place', !time && 'time of day', !style && 'style'].filter(
    (name) => name !== false,
  )
  const first =
    'The wish in words the demo model was trained on: subject with its colour first, then place, time and style.'
  return open.length === 0 ? first : `${first} The wish says nothing of ${list(open)}, so the seed decides.`
}

function withoutSubject(
  slots: Slots,
  unknown: readonly string[],
  vocabulary: Vocabulary,
  warnings: string[],
): WrittenPrompt {
  const companion = unknown.length === 0 ? companionOf(vocabulary, slots) : undefined
  if (companion !== undefined)
    return {
      prompt: spell({ ...slots, subject: companion }),
      reason: `The wish names no subject, and the demo model needs one: a ${companion} suits the scene.`,
      warnings: [...warnings, `"${companion}" is the planner's idea. ${known(vocabulary)}.`],
    }
  const nothing = `The wish names nothing that the demo model can draw. ${known(vocabulary)}.`
  return {
    prompt: [spell(slots), ...unknown].filter(Boolean).join(', '),
    reason: 'The wish as it stands: none of its words is a subject that the demo model knows.',
    warnings: warnings.length > 0 ? warnings : [nothing],
  }
}

function writeWords({ wish, changes, dials }: Reading, { family }: Checkpoint, base: string): WrittenPrompt {
  const replaced = new Set(dials.flatMap(({ instead = [] }) => instead))
  const parts = changeText(base, changes).filter((part) => !replaced.has(part))
  const quality = family.prompts === 'tags' && wish.quality?.prompt ? wish.quality.prompt.split(', ') : []
  const all = unique([...dressed(parts, wish), ...dials.flatMap(({ prompt }) => prompt ?? []), ...quality])
  if (all.length === 0)
    return {
      prompt: 'background',
      reason: 'Nothing is named to be put there, so the surroundings are asked for.',
      warnings: [],
    }
  const prompt = family.prompts === 'sentence' ? sentences(all) : all.join(', ')
  return { prompt, reason: wordsReason(wish, family.prompts), warnings: [] }
}

function sentences([subject = '', ...rest]: readonly string[]): string {
  const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
  return [subject, rest.join(', ')]
    .filter((part) => part !== '')
    .map((part) => `${upper(part)}.`)
    .join(' ')
}

function wordsReason(wish: Wish, prompts: 'sentence' | 'tags' | 'vocabulary'): string {
  const read = [...wish.styles, ...wish.moods, ...wish.lights].map(({ said }) => said)
  const order =
    prompts === 'sentence'
      ? 'in plain sentences, as this family reads them'
      : 'subject first, because early words weigh most'
  const spelt =
    read.length > 0
      ? ` ${quoted(read)} ${read.length > 1 ? 'are' : 'is'} spelt out in things one can see.`
      : ''
  return `The wish ${order}.${spelt}`
}
