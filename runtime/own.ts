/** The entry of a table keyed by what people or files name: never something inherited, such as `constructor`. */
export function own<T>(table: { readonly [key: string]: T } | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined
}
