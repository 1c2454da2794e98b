import { canonical } from './canonical.ts'
import type { AnyNode } from './define-node.ts'
import type { Kind } from './kind.ts'
import type { KeyParts, ResolvedAuto } from './run/events.ts'
import { isBlobRef, type Json } from './values.ts'

interface KeyInput {
  definition: AnyNode
  /** As `run` will read them. */
  values: { [field: string]: Json | undefined }
  kind: (name: string) => Kind | undefined
  resolved?: ResolvedAuto
  /** What revisions asked of this very step, one entry per round. */
  feedback: Json[]
  hash: (text: string) => string
}

/**
 * What a result depends on: the type and its version, the values by content, the identity of models, the feedbacks.
 * A field that fills others counts only through the values it filled; one that says where work is done, not at all.
 */
export function keyParts({ definition, values, kind, resolved, feedback, hash }: KeyInput): KeyParts {
  const contents: { [field: string]: Json } = {}
  for (const name in values) {
    const value = values[name]
    const spec = definition.fields[name]
    if (value === undefined || spec?.fills || spec?.counts === false) continue
    const content = spec && kind(spec.kind)?.content
    const own = content && ((json: Json) => content(json, hash))
    contents[name] = spec?.named ? contentOf(value, undefined, own) : contentOf(value, own)
  }
  const parts: KeyParts = { type: definition.type, version: definition.version, values: contents }
  if (resolved?.identity !== undefined) parts.identity = resolved.identity
  if (feedback.length > 0) parts.feedback = feedback
  return parts
}

export function keyOf(parts: KeyParts, hash: (text: string) => string): string {
  return hash(canonical(parts))
}

/** Content, not ancestry and not form: a blob counts by its hash, a kind may say what counts of its values. */
function contentOf(value: Json, own?: (value: Json) => Json, inner?: (value: Json) => Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (isBlobRef(value)) return { blob: value.blob }
  if (Array.isArray(value)) return value.map((item) => contentOf(item, own))
  if (own) return own(value)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, contentOf(item ?? null, inner)]))
}
