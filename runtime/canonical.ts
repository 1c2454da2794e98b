/**
 * Canonical JSON after RFC 8785: keys in UTF-16 order, numbers as ECMAScript prints them, no white space. Keys whose
 * value is undefined are left out. Throws `TypeError` for what JSON cannot hold (NaN, infinities, functions).
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be written as JSON`)
      return Object.is(value, -0) ? '0' : String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value)
    default:
      throw new TypeError(`a ${typeof value} cannot be written as JSON`)
  }
}

function canonicalArray(items: unknown[]): string {
  let text = '['
  for (let i = 0; i < items.length; i++) text += (i === 0 ? '' : ',') + canonical(items[i] ?? null)
  return `${text}]`
}

function canonicalObject(object: object): string {
  let text = '{'
  const entries = Object.entries(object)
  if (entries.length > 1) entries.sort(byKey)
  for (const [key, value] of entries) {
    if (value === undefined) continue
    text += `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:${canonical(value)}`
  }
  return `${text}}`
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
