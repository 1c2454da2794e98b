import { isBlobRef, type Json } from '../../../runtime/values.ts'
import { sizeText } from '../size-text.ts'
import { clip, printable } from './text-width.ts'

/** A value in one line, for people. */
export function valueText(value: Json | undefined, columns = 400): string {
  if (value === undefined) return '–'
  if (isBlobRef(value)) {
    const { mime, width, height, bytes, blob } = value
    const size = width && height ? `${width} × ${height}, ` : ''
    return `${mime}, ${size}${sizeText(bytes)}, ${blob.slice(0, 12)}…`
  }
  if (Array.isArray(value) && value.some(isBlobRef)) return value.map((item) => valueText(item)).join('; ')
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return clip(printable(text.replaceAll(/\s+/g, ' ')), columns)
}
