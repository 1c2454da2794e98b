import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { PlanographError } from '../../../../runtime/errors.ts'

/** A model folder that cannot be used, naming the file and what to do about it. */
export function badFolder(folder: string, what: string, hint?: string): PlanographError {
  return new PlanographError('invalid', `The model folder ${folder} cannot be used: ${what}.`, {
    code: 'model-folder',
    hint:
      hint ??
      'Export or download the model again. The folder needs model_index.json, tokenizer, text_encoder, unet, vae_encoder, vae_decoder and scheduler, as diffusers writes them for ONNX.',
  })
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** The file as text; undefined when there is none. */
export async function textIn(folder: string, file: string): Promise<string | undefined> {
  return readFile(join(folder, file), 'utf8').catch((error: unknown) => {
    if (z.object({ code: z.literal('ENOENT') }).safeParse(error).success) return undefined
    throw badFolder(folder, `${file} cannot be read (${error instanceof Error ? error.message : error})`)
  })
}

/** The file as JSON of a shape; undefined when there is none. Throws `invalid` naming file and key. */
export async function jsonIn<T>(folder: string, file: string, shape: z.ZodType<T>): Promise<T | undefined> {
  const text = await textIn(folder, file)
  if (text === undefined) return undefined
  const value = shape.safeParse(jsonFrom(folder, file, text))
  if (value.success) return value.data
  const issue = value.error.issues[0]
  throw badFolder(folder, `${file} is not what diffusers writes: ${issue?.path.join('.')}: ${issue?.message}`)
}

function jsonFrom(folder: string, file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badFolder(folder, `${file} is not JSON`)
  }
}

export async function requiredJson<T>(folder: string, file: string, shape: z.ZodType<T>): Promise<T> {
  const value = await jsonIn(folder, file, shape)
  if (value === undefined) throw badFolder(folder, `${file} is missing`)
  return value
}
