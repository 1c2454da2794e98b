/** What a look at one thing found. */
export interface Finding {
  name: string
  status: 'ok' | 'warn' | 'fail'
  message: string
  /** What to do about it. */
  remedy?: string
}

/** A finding from something that throws when all is not well. */
export async function findingFrom(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { name, status: 'ok', message: await look() }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const remedy =
      error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined
    return { name, status: 'fail', message, remedy }
  }
}
