import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../runtime/clock.ts'

export const systemClock: Clock = {
  now: Date.now,
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
  breathe: () => setImmediate(),
}
