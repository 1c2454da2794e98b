/** `node.output` taken apart. */
export function outputAddress(from: string): { node: string; output: string } {
  const dot = from.indexOf('.')
  return { node: from.slice(0, dot), output: from.slice(dot + 1) }
}

/**
 * `node.field` or `node.field.name` taken apart. `address` is what follows the node: `field` or `field.name`, the key
 * of an input within its node.
 */
export function fieldAddress(to: string): { node: string; field: string; name?: string; address: string } {
  const dot = to.indexOf('.')
  const address = to.slice(dot + 1)
  return { node: to.slice(0, dot), ...fieldOfAddress(address), address }
}

/** `field` or `field.name` taken apart. */
export function fieldOfAddress(address: string): { field: string; name?: string } {
  const dot = address.indexOf('.')
  return dot < 0 ? { field: address } : { field: address.slice(0, dot), name: address.slice(dot + 1) }
}
