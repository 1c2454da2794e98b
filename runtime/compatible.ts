import { own } from './own.ts'
import { list, withArticle } from './wording.ts'

/** The type of a port. `variable` marks one that takes the type of whatever is wired to it. */
export interface PortType {
  kind: string
  list?: boolean
  variable?: string
}

/** What compatibility needs to know of a kind. A `Kind` has it, and so has the catalog's data. */
export interface KindFacts {
  title: string
  /** By the name of each kind whose values become one of this kind. */
  accepts?: { readonly [kind: string]: unknown }
}
export type KindTable = { readonly [name: string]: KindFacts }

export type Compatible =
  | {
      ok: true
      /** Items go through the conversion `kinds[to].accepts[from]`. */
      convert?: { from: string; to: string }
      /** A list goes into a single field: the node runs once per item. */
      maps?: true
      /** A single value becomes a list of one. */
      wraps?: true
      /** What comes is known only when it is there: validate it by the field's schema then. */
      validate?: true
    }
  | { ok: false; reason: string }

/** Whether what `from` gives may be wired into `to`, and what has to be done to it on the way. */
export function compatible(from: PortType, to: PortType, kinds: KindTable): Compatible {
  const fit = kindFits(from.kind, to.kind, kinds)
  if (!fit.ok) return fit
  // A variable stands for the whole list, so that a field of one never maps.
  const maps = from.list && !to.list && to.variable === undefined
  const wraps = !from.list && to.list
  return { ...fit, ...(maps && { maps }), ...(wraps && { wraps }) }
}

function kindFits(from: string, to: string, kinds: KindTable): Compatible {
  if (from === to || to === 'any' || to === 'json') return { ok: true }
  if (Object.hasOwn(own(kinds, to)?.accepts ?? {}, from)) return { ok: true, convert: { from, to } }
  if (from === 'any' || from === 'json') return { ok: true, validate: true }
  return { ok: false, reason: refusal(from, to, kinds) }
}

function refusal(from: string, to: string, kinds: KindTable): string {
  const taken = [to, ...Object.keys(own(kinds, to)?.accepts ?? {})].map((kind) => noun(kind, kinds))
  return `${capital(withArticle(noun(from, kinds)))} value cannot go into ${withArticle(noun(to, kinds))} field, which takes only ${list(taken, 'or')} values.`
}

/** A kind's title as it reads before a noun: "Image" becomes "image", "Yes or no" "yes-or-no", and "LoRA" stays. */
function noun(kind: string, kinds: KindTable): string {
  const title = own(kinds, kind)?.title ?? kind
  return (/^\p{Lu}[^\p{Lu}]*$/u.test(title) ? title.toLowerCase() : title).replaceAll(' ', '-')
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
