import { basename, resolve } from 'node:path'
import { filesAt, isUrl, readPictureFile } from '../../../nodes/services/load-picture.ts'
import { decode, inspect } from '../../../nodes/services/pictures.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import type { Field } from '../../../runtime/field.ts'
import type { BlobRef, Json } from '../../../runtime/values.ts'
import { glob, isGlob } from './glob.ts'

export interface FileKeeper {
  /** Relative paths start here. */
  folder: string
  keep(bytes: Uint8Array, mime: string, size?: { width: number; height: number }): Promise<BlobRef>
}

/** Whether a typed value of this field names files. */
export const namesFiles = (field: Field): boolean => field.hints.path !== undefined

const takesMany = (field: Field) => field.list || field.hints.many === true

/**
 * A typed value with blobs in place of the files it names: paths, and where several are taken also folders and
 * patterns. URLs stay. A single picture is decoded, which proves it; of several, one that is broken is kept as it is,
 * and fails alone in its step. @throws `invalid`, naming the file.
 */
export async function freezeValue(value: Json, field: Field, keeper: FileKeeper): Promise<Json> {
  const sources = Array.isArray(value) ? value : [value]
  if (!sources.some(isPath)) return value
  const items = (
    await Promise.all(sources.map((source) => (isPath(source) ? filesOf(source, keeper.folder) : [source])))
  ).flat()
  const [only, another] = items
  if (!takesMany(field) && items.length !== 1) throw severalFiles(String(value), items.length)
  if (another !== undefined) return await Promise.all(items.map((item) => keepOneOfMany(item, keeper)))
  const kept = only === undefined || !isPath(only) ? only : await keepProven(only, field, keeper)
  if (Array.isArray(value) || field.list) return kept === undefined ? [] : [kept]
  return kept ?? []
}

const isPath = (source: Json): source is string =>
  typeof source === 'string' && source !== '' && !isUrl(source)

/** Absolute paths. */
async function filesOf(text: string, folder: string): Promise<string[]> {
  const path = resolve(folder, text)
  try {
    return await filesAt(path, anywhere)
  } catch (error) {
    const fitting = isGlob(text) ? await glob(text, folder) : []
    if (fitting.length === 0) throw error
    return fitting
  }
}

const anywhere = { out: '', allowPrivateUrls: false }

async function keepProven(path: string, field: Field, { keep }: FileKeeper): Promise<Json> {
  const bytes = await readPictureFile(path, anywhere)
  const name = basename(path)
  const { width, height, mime } = await inspect(bytes, name)
  await decode(bytes, name)
  return named(await keep(bytes, mime, { width, height }), name, field)
}

async function keepOneOfMany(source: Json, { keep }: FileKeeper): Promise<Json> {
  if (!isPath(source)) return source
  const bytes = await readPictureFile(source, anywhere)
  return { ...(await keep(bytes, 'image/*')), name: basename(source) }
}

/** Lists keep what each picture was called: it becomes its label. */
function named(ref: BlobRef, name: string, field: Field): Json {
  return takesMany(field) ? { ...ref, name } : { ...ref }
}

function severalFiles(what: string, count: number): PlanographError {
  return new PlanographError('invalid', `${what} is ${count} files, but one is wanted.`, {
    code: 'several-files',
    hint: 'Name one file, or load several with a node that takes a list.',
  })
}
