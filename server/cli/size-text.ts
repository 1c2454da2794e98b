import { PlanographError } from '../../runtime/errors.ts'

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** Bytes as people read them: "12 MB". Thousands, not 1024. */
export function sizeText(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const amount = bytes / 1000 ** step
  return `${step > 0 && amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[step]}`
}

/** "500MB", "5 GB" in bytes; a bare number is bytes. */
export function parseSize(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB)?$/i.exec(text.trim()) ?? []
  const step = units.findIndex((each) => each === (unit ?? 'B').toUpperCase())
  if (amount !== undefined && step >= 0) return Math.round(Number(amount) * 1000 ** step)
  throw new PlanographError('invalid', `"${text}" is not a size.`, {
    code: 'bad-size',
    hint: 'Write it like 500MB or 5GB.',
  })
}
