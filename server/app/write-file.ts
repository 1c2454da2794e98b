import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { keepNewFile } from '../../nodes/services/keep-file.ts'

/**
 * Writes a file whole or not at all and answers its path. An existing file is replaced only if asked: the next free
 * number is taken (`picture.png`, `picture-2.png`, …).
 */
export async function writeFileWhole(path: string, bytes: Uint8Array, overwrite = false): Promise<string> {
  const folder = dirname(path)
  if (!overwrite) return await keepNewFile(folder, (number) => numbered(basename(path), number), bytes)
  const temporary = join(folder, `.planograph-${randomUUID()}.tmp`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(temporary, bytes)
    await rename(temporary, path)
    return path
  } finally {
    await rm(temporary, { force: true })
  }
}

/** `picture.png`, then `picture-2.png`. */
export function numbered(name: string, number: number): string {
  const ending = extname(name)
  return number === 1 ? name : `${name.slice(0, name.length - ending.length)}-${number}${ending}`
}
