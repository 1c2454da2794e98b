export interface Lazy<T> {
  (): Promise<T>
  /** Whether it was asked for. */
  begun(): boolean
}

/** Makes a thing when it is first asked for, and once; after a failure the next one who asks tries again. */
export function lazily<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined
  const get = () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
  return Object.assign(get, { begun: () => made !== undefined })
}
