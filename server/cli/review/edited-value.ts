import { z } from 'zod'
import type { ReviewView } from '../../../runtime/api.ts'
import type { Catalog } from '../../../runtime/catalog.ts'
import type { Json } from '../../../runtime/values.ts'

export type Edited = { ok: true; value: Json } | { ok: false; reason: string }

/** How a review's value is edited: text as it is, everything else as JSON. */
export function editableText({ kind, list, value }: ReviewView): { text: string; file: string } {
  return kind === 'text' && !list && typeof value === 'string'
    ? { text: value, file: 'value.txt' }
    : { text: `${JSON.stringify(value, null, 2)}\n`, file: 'value.json' }
}

/** What was saved in the editor, checked by the schema of the review's kind. */
export function readEdited(text: string, file: string, { kind, list }: ReviewView, catalog: Catalog): Edited {
  let value: unknown = text.replace(/\r?\n$/, '')
  if (file.endsWith('.json')) {
    try {
      value = JSON.parse(text)
    } catch (error) {
      return {
        ok: false,
        reason: `This is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      }
    }
  }
  const schema = catalog.kind(kind)?.schema ?? z.json()
  const parsed = (list ? z.array(schema) : schema).safeParse(value)
  if (parsed.success) return { ok: true, value: z.json().parse(parsed.data) }
  return { ok: false, reason: z.prettifyError(parsed.error) }
}
