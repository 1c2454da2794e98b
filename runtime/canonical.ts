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
  for (const key of sortedKeys(object)) {
    const value: unknown = Reflect.get(object, key)
    if (value === undefined) continue
    text += `${text.length === 1 ? '' : ','}${JSON.stringify(key)}:${canonical(value)}`
  }
  return `${text}}`
}

/** `sort` without a function compares by UTF-16 code units, as the standard asks. Most objects are in order already. */
function sortedKeys(object: object): string[] {
  const keys = Object.keys(object)
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] ?? '') > (keys[i] ?? '')) return keys.sort()
  return keys
}
