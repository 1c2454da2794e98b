import { constants, copyFile, link, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlanographError } from '../../../runtime/errors.ts'

export interface FileName {
  folder: string
  stem: string
  /** With its dot. */
  ending: string
}

/**
 * Writes a file whole or not at all, and answers its path. An existing file is never replaced unless asked: the next
 * free number is taken (`picture.png`, `picture-2.png`, …).
 */
export async function writeFreeFile(
  { folder, stem, ending }: FileName,
  bytes: Uint8Array | string,
  options: { overwrite?: boolean; first?: number } = {},
): Promise<string> {
  const { overwrite = false, first = 1 } = options
  const temporary = join(folder, `.${stem}-${process.pid}-${Math.random().toString(36).slice(2)}.part`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(temporary, bytes)
    for (let number = first; ; number += 1) {
      const path = join(folder, `${stem}${number === 1 ? '' : `-${number}`}${ending}`)
      if (await place(temporary, path, overwrite)) return path
    }
  } catch (error) {
    throw writeError(folder, error)
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

/** Gives the file its name; false when another has it. */
async function place(temporary: string, path: string, overwrite: boolean): Promise<boolean> {
  if (overwrite) {
    await rename(temporary, path)
    return true
  }
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    return copyExclusively(temporary, path)
  }
}

/** For file systems without hard links. */
async function copyExclusively(temporary: string, path: string): Promise<boolean> {
  try {
    await copyFile(temporary, path, constants.COPYFILE_EXCL)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    await rm(path, { force: true }).catch(() => undefined)
    throw error
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)

function writeError(folder: string, error: unknown): unknown {
  const code = codeOf(error)
  if (error instanceof PlanographError || typeof code !== 'string') return error
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new PlanographError('blocked', `The disk is full: nothing more can be written to ${folder}.`, {
      code: 'disk-full',
      hint: 'Make room and run it again: what was computed is kept and comes from the cache.',
    })
  return new PlanographError('invalid', `A file cannot be written to ${folder}: ${code}.`, {
    code: 'out-unwritable',
    hint: 'Choose another folder with --out, or change its permissions.',
  })
}
