import { basename, dirname, extname } from 'node:path'
import { keepFile } from '../../nodes/services/keep-file.ts'

/**
 * Writes a file whole or not at all and answers its path. An existing file is replaced only if asked: the next free
 * number is taken (`picture.png`, `picture-2.png`, …).
 */
export async function writeFileWhole(path: string, bytes: Uint8Array, overwrite = false): Promise<string> {
  const replacing = overwrite ? new Set<string>() : undefined
  return await keepFile(dirname(path), (number) => numbered(basename(path), number), bytes, { replacing })
}

/** `picture.png`, then `picture-2.png`. */
export function numbered(name: string, number: number): string {
  const ending = extname(name)
  return number === 1 ? name : `${name.slice(0, name.length - ending.length)}-${number}${ending}`
}
