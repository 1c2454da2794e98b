import type { FieldData } from '../catalog-data.ts'
import { own } from '../own.ts'
import type { Json } from '../values.ts'

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const words: { [text: string]: boolean } = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
}

/**
 * The value that a text from a command line or a form stands for in a field: "24" is a number in a number field and
 * stays text in a text field. A list field takes a JSON list, or the text as its only item. What cannot be read stays
 * text, so that the field's own check says what is wrong with it.
 */
export function readText(text: string, field: Pick<FieldData, 'kind' | 'list' | 'named' | 'default'>): Json {
  if (text === 'auto' && field.default === 'auto') return text
  if (field.named) return fromJson(text) ?? text
  if (!field.list) return readOne(text, field.kind)
  const items = text.trimStart().startsWith('[') ? fromJson(text) : undefined
  return Array.isArray(items) ? items : [readOne(text, field.kind)]
}

function readOne(text: string, kind: string): Json {
  const bare = text.trim()
  switch (kind) {
    case 'text':
      return text
    case 'number':
    case 'integer': {
      // Beyond 2^53 the digits would be lost; such integers travel as text.
      const value = number.test(bare) ? Number(bare) : Number.NaN
      return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
        ? value
        : bare
    }
    case 'boolean':
      return own(words, bare.toLowerCase()) ?? text
    case 'json':
    case 'any':
      return fromJson(text) ?? text
    default:
      return /^[[{"]/.test(bare) ? (fromJson(text) ?? text) : text
  }
}

function fromJson(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
