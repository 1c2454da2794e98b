/** Slots at once where the configuration names none. */
const defaults: { [pool: string]: number } = { local: 16 }
const otherwise = 4

/** Who waits, first come first served within a run; runs in the order in which they were accepted. */
interface Line {
  order: number
  takers: (() => void)[]
  /** How many of `takers` have been served. */
  served: number
}

interface Pool {
  free: number
  lines: Line[]
}

/** Limits how many steps run at once, by pool. */
export class Pools {
  readonly #limits: { [pool: string]: number }
  readonly #pools = new Map<string, Pool>()

  constructor(limits: { [pool: string]: number } = {}) {
    this.#limits = { ...defaults, ...limits }
  }

  /** Takes a slot if one is free. */
  tryTake(name: string): boolean {
    const pool = this.#pool(name)
    if (pool.free === 0) return false
    pool.free--
    return true
  }

  /** Resolves with a slot taken. Whoever has it gives it back with `release`. */
  take(name: string, order: number): Promise<void> {
    if (this.tryTake(name)) return Promise.resolve()
    return new Promise((take) => lineOf(this.#pool(name), order).takers.push(take))
  }

  release(name: string): void {
    const pool = this.#pool(name)
    const take = nextTaker(pool)
    if (take) take()
    else pool.free++
  }

  #pool(name: string): Pool {
    let pool = this.#pools.get(name)
    if (!pool) {
      pool = { free: this.#limits[name] ?? otherwise, lines: [] }
      this.#pools.set(name, pool)
    }
    return pool
  }
}

function lineOf({ lines }: Pool, order: number): Line {
  const known = lines.find((line) => line.order === order)
  if (known) return known
  const line: Line = { order, takers: [], served: 0 }
  lines.push(line)
  lines.sort((a, b) => a.order - b.order)
  return line
}

function nextTaker({ lines }: Pool): (() => void) | undefined {
  const [line] = lines
  if (!line) return undefined
  const take = line.takers[line.served++]
  if (line.served === line.takers.length) lines.shift()
  return take
}
