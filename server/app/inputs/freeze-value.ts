import { readFile, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { decode, inspect } from '../../../nodes/services/pictures.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import type { Field } from '../../../runtime/field.ts'
import type { BlobRef, Json } from '../../../runtime/values.ts'
import { filesIn, glob, isGlob } from './glob.ts'

export interface FileKeeper {
  /** Relative paths start here. */
  folder: string
  keep(bytes: Uint8Array, mime: string, size?: { width: number; height: number }): Promise<BlobRef>
}

/** Whether a typed value of this field names files. */
export const namesFiles = (field: Field): boolean => field.hints.path !== undefined

/**
 * A typed value with blobs in place of the files it names: paths, and for lists also folders and patterns. URLs stay.
 * Every picture is decoded once, which proves it. @throws `invalid`, naming the file.
 */
export async function freezeValue(value: Json, field: Field, keeper: FileKeeper): Promise<Json> {
  if (typeof value === 'string' && value !== '') return await named(value, field, keeper)
  if (!Array.isArray(value)) return value
  const items = await Promise.all(value.map((item) => freezeValue(item, field, keeper)))
  return items.flat()
}

async function named(text: string, field: Field, keeper: FileKeeper): Promise<Json> {
  if (/^https?:\/\//i.test(text)) return field.list ? [text] : text
  const files = await filesOf(text, keeper.folder)
  if (field.list) return await Promise.all(files.map((file) => keepFile(file, keeper)))
  const [file, another] = files
  if (file !== undefined && another === undefined) return await keepFile(file, keeper)
  throw new PlanographError('invalid', `${text} is ${files.length} files, but one is wanted.`, {
    code: 'several-files',
    hint: 'Name one file, or load several with a node that takes a list.',
  })
}

async function filesOf(text: string, folder: string): Promise<string[]> {
  const path = resolve(folder, text)
  const found = await stat(path).catch(() => undefined)
  const files = found?.isDirectory() ? await filesIn(path) : found || !isGlob(text) ? [path] : await glob(text, folder)
  if (files.length > 0) return files
  throw new PlanographError('invalid', found ? `The folder ${path} is empty.` : `No file fits ${text}.`, {
    code: 'no-such-file',
    hint: 'Check the path.',
  })
}

async function keepFile(path: string, { keep }: FileKeeper): Promise<BlobRef> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new PlanographError('invalid', `The file ${path} cannot be read: ${reason(error)}.`, {
      code: 'no-such-file',
      hint: 'Check the path and that you may read it.',
    })
  })
  const { width, height, mime } = await inspect(bytes, basename(path))
  await decode(bytes, basename(path))
  return await keep(bytes, mime, { width, height })
}

const reason = (error: Error) => ('code' in error && error.code === 'ENOENT' ? 'it is not there' : error.message)
