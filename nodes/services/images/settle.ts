import type { FailureClass } from '../../../runtime/errors.ts'
import type { ModelInfo } from './backend.ts'
import type { WantedModel } from './choose-model.ts'
import { type Family, familyOf } from './families.ts'
import { listed, type Offer } from './offer.ts'
import { type Size, sizeLike, sizeLimits, sizeRefusal } from './sizes.ts'

/** What is asked for. An absent choice is open; the table of families then decides. */
export interface Wanted extends WantedModel {
  sampler?: string
  scheduler?: string
  steps?: number
  cfg?: number
  width?: number
  height?: number
  negative?: string
  clipSkip?: number
  /** Size of the picture that is repainted: an open size follows it. */
  picture?: Size
}

/** The choices made; null where the backend does not take the field. */
export interface Settled {
  sampler: string | null
  scheduler: string | null
  steps: number | null
  cfg: number | null
  width: number
  height: number
}

/** Something that a backend cannot do as wanted. */
export interface Refusal {
  class: FailureClass & ('invalid' | 'unsupported')
  field: keyof Wanted
  message: string
  hint: string
}

const sameLabel = (label: string) => (other: string) => other.toLowerCase() === label.toLowerCase()

function pick(preferred: readonly string[], there: readonly string[]): string | null {
  for (const label of preferred) {
    const found = there.find(sameLabel(label))
    if (found) return found
  }
  return there[0] ?? null
}

/** A family's schedule types are those of its first sampler; others know best themselves. */
const schedulesOf = (sampler: string | null, family: Family) =>
  sampler !== null && sameLabel(sampler)(family.samplers[0] ?? '') ? family.schedulers : ['Automatic']

/** Fills what is open from the model's family, in labels that the backend knows. */
export function settle(wanted: Wanted, offer: Offer, family: Family): Settled {
  const plain = offer.samplers.length === 0
  const sampler = pick(wanted.sampler ? [wanted.sampler] : family.samplers, offer.samplers)
  const scheduler = pick(
    wanted.scheduler ? [wanted.scheduler] : schedulesOf(sampler, family),
    offer.schedulers,
  )
  const size = settleSize(wanted, offer, family)
  return {
    sampler,
    scheduler: plain ? null : scheduler,
    steps: plain ? null : (wanted.steps ?? family.steps),
    cfg: plain ? null : (wanted.cfg ?? family.cfg),
    ...size,
  }
}

function settleSize({ width, height, picture }: Wanted, offer: Offer, family: Family): Size {
  const limits = sizeLimits(offer.capabilities, family)
  const open = picture ? sizeLike(picture, family, limits) : sizeLike(family, family, limits)
  return { width: width ?? open.width, height: height ?? open.height }
}

const absent = <T>(value: T | undefined): value is undefined => value === undefined

/** Everything wanted that this backend and model cannot do, each with what to do about it. Empty: all is well. */
export function refusals(
  wanted: Wanted,
  offer: Offer,
  model: ModelInfo,
  table?: readonly Family[],
): Refusal[] {
  const { samplers, schedulers } = offer
  return [
    ...label('sampler', 'sampler', wanted.sampler, samplers, offer),
    ...label('scheduler', 'schedule type', wanted.scheduler, schedulers, offer),
    ...plainRefusals(wanted, offer),
    ...abilityRefusals(wanted, offer),
    ...sizeRefusals(wanted, offer, model, table),
  ]
}

function label(
  field: 'sampler' | 'scheduler',
  title: string,
  value: string | undefined,
  there: readonly string[],
  offer: Offer,
): Refusal[] {
  if (absent(value) || there.some(sameLabel(value))) return []
  const message =
    there.length === 0
      ? `${offer.title} takes no ${title}.`
      : `${offer.title} has no ${title} "${value}". It has ${listed(there, 24)}.`
  return [{ class: 'invalid', field, message, hint: `Choose one it has, or leave the ${title} on auto.` }]
}

function plainRefusals(wanted: Wanted, offer: Offer): Refusal[] {
  if (offer.samplers.length > 0) return []
  const refuse = (field: 'steps' | 'cfg', title: string): Refusal[] =>
    absent(wanted[field])
      ? []
      : [
          {
            class: 'unsupported',
            field,
            message: `${offer.title} takes no ${title}.`,
            hint: `Leave ${title} on auto, or choose another backend.`,
          },
        ]
  return [...refuse('steps', 'steps'), ...refuse('cfg', 'CFG scale')]
}

function abilityRefusals(wanted: Wanted, { title, capabilities }: Offer): Refusal[] {
  const found: Refusal[] = []
  if (wanted.negative && !capabilities.negative)
    found.push({
      class: 'unsupported',
      field: 'negative',
      message: `${title} takes no negative prompt.`,
      hint: 'Empty the negative prompt, or choose another backend.',
    })
  if ((wanted.clipSkip ?? 1) > 1 && !capabilities.clipSkip)
    found.push({
      class: 'unsupported',
      field: 'clipSkip',
      message: `${title} cannot skip CLIP layers.`,
      hint: 'Set clip skip to 1, or choose another backend.',
    })
  return found
}

function sizeRefusals(wanted: Wanted, offer: Offer, model: ModelInfo, table?: readonly Family[]): Refusal[] {
  if (absent(wanted.width) && absent(wanted.height)) return []
  const family = familyOf(model, table)
  const limits = sizeLimits(offer.capabilities, family)
  const size = settleSize(wanted, offer, family)
  const why = sizeRefusal(size, limits)
  if (!why) return []
  const who = limits.fixed ? (model.title ?? model.name) : offer.title
  return [
    {
      class: 'invalid',
      field: absent(wanted.width) ? 'height' : 'width',
      message: `${size.width}×${size.height} pixels cannot be painted: ${who} ${why}.`,
      hint: 'Choose such a size, or leave width and height on auto. "Resize image" makes any size afterwards.',
    },
  ]
}
