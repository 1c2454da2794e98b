import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { PlanographError } from '../../../runtime/errors.ts'
import { suggestion } from '../../../runtime/nearest.ts'
import { isZip, readBundle } from './bundle.ts'
import { exampleFile, exampleNames } from './examples.ts'
import { isPicture, workflowInPicture } from './picture-workflow.ts'

/** Where a workflow came from, and its text. */
export interface Source {
  /** As a person would name it. */
  name: string
  text: string
  /** Relative paths in the workflow start here. */
  folder: string
  /** Files that came along, by sha256. */
  blobs: ReadonlyMap<string, Uint8Array>
}

const maxBytes = 2 ** 30

/** Reads a workflow file, a bundle, a picture that carries its workflow, or an example by name. */
export async function readSource(given: string, cwd: string): Promise<Source> {
  const path = resolve(cwd, given)
  const file = (await isFile(path)) ? path : exampleFile(given)
  if (file === undefined) throw missing(given)
  const bytes = await readFile(file)
  const name = basename(file)
  const source = { name, folder: dirname(file), blobs: new Map<string, Uint8Array>() }
  if (isZip(bytes)) {
    const { workflow, blobs } = readBundle(bytes, name)
    return { ...source, text: workflow, blobs }
  }
  if (isPicture(bytes)) return { ...source, text: workflowInPicture(bytes, name) }
  return { ...source, text: new TextDecoder().decode(bytes) }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (!found) return false
  if (!found.isFile())
    throw new PlanographError('invalid', `${path} is not a file.`, {
      code: 'not-a-file',
      hint: 'Name the workflow file itself.',
    })
  if (found.size <= maxBytes) return true
  throw new PlanographError('invalid', `${path} is larger than a gigabyte.`, {
    code: 'too-large',
    hint: 'A workflow is a small JSON file, a .planograph bundle, or a picture that carries one.',
  })
}

function missing(given: string): PlanographError {
  return new PlanographError('invalid', `There is no file ${given}, and no example of that name.`, {
    code: 'no-such-file',
    hint: suggestion(given, exampleNames(), 'Check the path.'),
  })
}
