import { PlanographError } from '../../runtime/errors.ts'

const units: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** "90", "90s", "10m", "1.5h" as milliseconds; a bare number is seconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim()) ?? []
  const ms = Number(amount) * (units[unit ?? 's'] ?? Number.NaN)
  if (ms > 0) return ms
  throw new PlanographError('invalid', `"${text}" is not a length of time.`, {
    code: 'bad-duration',
    hint: 'Write it like 30s, 10m or 2h.',
  })
}

/** Milliseconds as people read them: "0.4 s", "12 s", "3 min 20 s". */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
