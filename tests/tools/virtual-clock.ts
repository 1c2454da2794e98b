import type { Clock } from '../../runtime/clock.ts'

/** Time that passes only when a test lets it: no test waits, and every order of events can be had again. */
export interface VirtualClock extends Clock {
  /** Lets time pass until the promise settles. Throws when it does not within `withinMs` of virtual time. */
  until<T>(promise: Promise<T>, withinMs?: number): Promise<T>
  /** Lets so much time pass. */
  pass(ms: number): Promise<void>
}

interface Timer {
  at: number
  callback: () => void
}

const dayMs = 86_400_000

export function virtualClock(start = 1_700_000_000_000): VirtualClock {
  let now = start
  const timers = new Set<Timer>()

  function next(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of timers) if (!first || timer.at < first.at) first = timer
    return first
  }

  /** Fires what is due until `end`; answers whether anything was. */
  function fire(end: number): boolean {
    const timer = next()
    if (!timer || timer.at > end) return false
    timers.delete(timer)
    now = Math.max(now, timer.at)
    timer.callback()
    return true
  }

  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + Math.max(0, ms), callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    breathe: () => Promise.resolve(),
    async until(promise, withinMs = 30 * dayMs) {
      const end = now + withinMs
      let settled = false
      const done = () => {
        settled = true
      }
      promise.then(done, done)
      await otherWork()
      while (!settled) {
        if (!fire(end)) throw new Error('Nothing more happens, and what was waited for has not come.')
        await otherWork()
      }
      return promise
    },
    async pass(ms) {
      const end = now + ms
      await otherWork()
      while (fire(end)) await otherWork()
      now = end
    },
  }
}

/** All that needs no time is done when this resolves. */
function otherWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
