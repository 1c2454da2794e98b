import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, resolve, sep } from 'node:path'
import { PlanographError } from '../../runtime/errors.ts'
import type { Files } from './files.ts'

const pictureFile = /^\.(png|jpe?g|webp|gif|avif|tiff?)$/i

export const isUrl = (source: string) => /^https?:\/\//i.test(source)

/** A URL's last part, or a path's file name: what a picture is called. */
export function pictureName(source: string): string {
  if (!isUrl(source)) return basename(source)
  const path = URL.canParse(source) ? new URL(source).pathname : ''
  return basename(path) || source
}

/** A folder as the picture files directly in it, in the order people count; a file as itself. */
export async function filesAt(path: string, files: Files): Promise<string[]> {
  const whole = resolve(path)
  const info = await reading(path, () => stat(whole))
  await refuseOutside(whole, path, files)
  if (!info.isDirectory()) return [whole]
  const names = await reading(path, () => readdir(whole))
  const byNumber = new Intl.Collator('en', { numeric: true }).compare
  return names
    .filter((name) => !name.startsWith('.') && pictureFile.test(extname(name)))
    .sort(byNumber)
    .map((name) => join(whole, name))
}

/** A file's bytes. Throws `invalid` when it is not there, not readable, or not where files may be read. */
export async function readPictureFile(path: string, files: Files): Promise<Uint8Array> {
  const { size } = await reading(path, () => stat(path))
  await refuseOutside(path, path, files)
  if (size > maxBytes)
    throw new PlanographError('invalid', `${path} is larger than ${maxBytes / 2 ** 20} MB.`, {
      code: 'picture-too-large',
      hint: 'Make it smaller with a picture editor.',
    })
  return new Uint8Array(await reading(path, () => readFile(path)))
}

const maxBytes = 256 * 1024 * 1024

async function reading<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') throw missing(path, error)
    throw new PlanographError('invalid', `${path} cannot be read (${code ?? error}).`, {
      code: 'file-unreadable',
      hint: 'Check that you may read it.',
      cause: error,
    })
  }
}

function missing(path: string, cause: unknown) {
  return new PlanographError('invalid', `There is no file or folder ${path}.`, {
    code: 'file-missing',
    hint: `Check the spelling. Paths are taken from ${process.cwd()}.`,
    cause,
  })
}

/** Links are followed before looking where a path leads. */
async function refuseOutside(whole: string, path: string, { inputs }: Files) {
  if (!inputs) return
  const real = await realpath(whole)
  const roots = await Promise.all(inputs.map((folder) => realpath(folder).catch(() => folder)))
  if (roots.some((root) => real === root || real.startsWith(root + sep))) return
  throw new PlanographError('invalid', `${path} is not in a folder that pictures are read from here.`, {
    code: 'outside-inputs',
    hint: inputs.length > 0 ? `Put it into ${inputs.join(' or ')}, or upload it.` : 'Upload it instead.',
  })
}
