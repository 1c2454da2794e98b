import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { isAbsolute, join, parse, resolve } from 'node:path'

export const isGlob = (pattern: string): boolean => /[*?]/.test(pattern)

/** Files that fit a pattern with `*`, `?` and `**`, sorted as people count: `2.png` before `10.png`. Absolute paths. */
export async function glob(pattern: string, folder: string): Promise<string[]> {
  const whole = isAbsolute(pattern) ? pattern : join(folder, pattern)
  const { root } = parse(whole)
  const segments = whole
    .slice(root.length)
    .split(/[\\/]+/)
    .filter(Boolean)
  const found = await expand(root || resolve('/'), segments)
  return [...new Set(found)].sort(byNumber)
}

const collator = new Intl.Collator('en', { numeric: true })
const byNumber = (a: string, b: string) => collator.compare(a, b)

async function expand(folder: string, [segment, ...rest]: string[]): Promise<string[]> {
  if (segment === undefined) return []
  if (segment === '**') return await deep(folder, rest)
  if (!isGlob(segment) && rest.length > 0) return await expand(join(folder, segment), rest)
  const fits = matcher(segment)
  const matching = (await entries(folder)).filter(({ name }) => fits.test(name))
  if (rest.length === 0)
    return matching.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name))
  const deeper = matching
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => expand(join(folder, name), rest))
  return (await Promise.all(deeper)).flat()
}

async function deep(folder: string, rest: string[]): Promise<string[]> {
  const folders = (await entries(folder)).filter((entry) => entry.isDirectory())
  const below = folders.map(({ name }) => deep(join(folder, name), rest))
  return (await Promise.all([expand(folder, rest), ...below])).flat()
}

function matcher(segment: string): RegExp {
  const source = segment
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, process.platform === 'win32' ? 'i' : '')
}

async function entries(folder: string): Promise<Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'))
  } catch {
    return []
  }
}
