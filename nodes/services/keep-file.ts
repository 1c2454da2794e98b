import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { PlanographError } from '../../runtime/errors.ts'
import type { Files } from './files.ts'

/** Where files go: `folder` as an absolute path, taken from the run's folder. Throws `invalid` where it may not be. */
export function outputFolder(folder: string, { out, outOnly }: Files): string {
  const whole = folder === '' ? out : resolve(out, folder)
  const way = relative(out, whole)
  const outside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
  if (!outOnly || !outside) return whole
  throw new PlanographError('invalid', `The folder ${folder} is outside the output folder.`, {
    code: 'folder-outside',
    hint: 'Name a folder inside it, or leave Folder empty.',
  })
}

export interface KeepOptions {
  /** A file of the same bytes is taken for ours, written by an attempt that did not live to say so. */
  again?: boolean
  /** Files that are there may be replaced, but for these; the file joins them. */
  replacing?: Set<string>
}

/**
 * Writes a file, whole or not at all, and over another one only if asked. `nameOf(1)`, `nameOf(2)`… are tried in turn
 * and the first free one is taken. Answers the path. Throws `invalid` (`folder-unwritable`, `disk-full`).
 */
export async function keepFile(
  folder: string,
  nameOf: (number: number) => string,
  bytes: Uint8Array,
  options: KeepOptions = {},
): Promise<string> {
  const first = join(folder, nameOf(1))
  const temporary = join(dirname(first), `.planograph-${process.pid}-${crypto.randomUUID()}.tmp`)
  try {
    await mkdir(dirname(first), { recursive: true })
    await writeDurably(temporary, bytes)
    return await takeName(temporary, (number) => join(folder, nameOf(number)), bytes, options)
  } catch (error) {
    throw writeFailure(error, dirname(first))
  } finally {
    await rm(temporary, { force: true }).catch(() => {})
  }
}

async function writeDurably(path: string, bytes: Uint8Array) {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function takeName(
  temporary: string,
  pathOf: (number: number) => string,
  bytes: Uint8Array,
  { again = false, replacing }: KeepOptions,
): Promise<string> {
  for (let number = 1; ; number++) {
    const path = pathOf(number)
    if (number > 1) await mkdir(dirname(path), { recursive: true })
    if (replacing && !replacing.has(path)) {
      await rename(temporary, path)
      replacing.add(path)
      return path
    }
    if (await moveIfFree(temporary, path)) return path
    if (again && (await holds(path, bytes))) return path
  }
}

/** A hard link fails when the name is taken; where there are none, the name is taken by an empty file first. */
async function moveIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) throw error
  }
  try {
    await (await open(to, 'wx')).close()
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  await rename(from, to)
  return true
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const there = await readFile(path).catch(() => undefined)
  return there !== undefined && Buffer.compare(there, bytes) === 0
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** A file system's error in writing to a folder, in words; other errors as they are. */
export function writeFailure(error: unknown, folder: string): unknown {
  const code = codeOf(error)
  if (code === undefined || error instanceof PlanographError) return error
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new PlanographError('invalid', `The disk is full: nothing was written to ${folder}.`, {
      code: 'disk-full',
      hint: 'Make room, or choose a folder on another disk, and run again: finished steps are kept.',
      cause: error,
    })
  return new PlanographError('invalid', `Nothing can be written to ${folder} (${code}).`, {
    code: 'folder-unwritable',
    hint: 'Choose a folder that you may write to, or change its permissions.',
    cause: error,
  })
}
