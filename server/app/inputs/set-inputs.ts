import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Catalog } from '../../../runtime/catalog.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import type { Field } from '../../../runtime/field.ts'
import { own } from '../../../runtime/own.ts'
import type { Problem } from '../../../runtime/problem.ts'
import type { Json } from '../../../runtime/values.ts'
import { applyInputs } from '../../../runtime/workflow/apply-inputs.ts'
import type { Workflow } from '../../../runtime/workflow/schema.ts'
import { problemOf } from './freeze-files.ts'
import { type FileKeeper, freezeValue, namesFiles } from './freeze-value.ts'
import { glob, isGlob } from './glob.ts'

export interface Assignment {
  name: string
  value: string
}

export interface Typed {
  /** `--input`: `@file` stands for the file, `@'dir/*.png'` for several, `@@` begins a text with "@". */
  inputs: readonly Assignment[]
  /** `--set`. */
  set: readonly Assignment[]
}

/** The workflow with what was typed on the command line set in it, files frozen; or all that cannot be set. */
export async function setInputs(
  workflow: Workflow,
  typed: Typed,
  catalog: Catalog,
  keeper: FileKeeper,
): Promise<{ workflow: Workflow; problems: Problem[] }> {
  const problems: Problem[] = []
  const read = async (assignments: readonly Assignment[], value: (each: Assignment) => Promise<Json>) => {
    const values: { [name: string]: Json } = {}
    for (const each of assignments) {
      try {
        values[each.name] = await value(each)
      } catch (error) {
        if (!(error instanceof PlanographError)) throw error
        problems.push({ ...problemOf(error), place: each.name })
      }
    }
    return values
  }
  const field = (to: string | undefined) => (to === undefined ? undefined : fieldAt(to, workflow, catalog))
  const inputs = await read(typed.inputs, ({ name, value }) =>
    inputValue(value, field(own(workflow.inputs ?? {}, name)?.to), keeper),
  )
  const set = await read(typed.set, ({ name, value }) => typedValue(value, field(name), keeper))
  const applied = applyInputs(workflow, catalog.data, { inputs, set })
  if (applied.ok) return { workflow: applied.workflow, problems }
  return { workflow, problems: [...problems, ...applied.problems] }
}

function fieldAt(address: string, workflow: Workflow, catalog: Catalog): Field | undefined {
  const [node = '', name = ''] = address.split('.')
  const placed = own(workflow.nodes, node)
  const fields = placed && catalog.node(placed.type)?.fields
  return fields && own(fields, name)
}

async function inputValue(text: string, field: Field | undefined, keeper: FileKeeper): Promise<Json> {
  if (text.startsWith('@@')) return await typedValue(text.slice(1), field, keeper)
  if (!text.startsWith('@')) return await typedValue(text, field, keeper)
  const path = text.slice(1)
  if (field && namesFiles(field)) return await freezeValue(path, field, keeper)
  if (!isGlob(path)) return await textOf(resolve(keeper.folder, path))
  const files = await glob(path, keeper.folder)
  if (files.length === 0) throw noFile(`No file fits ${path}.`)
  return await Promise.all(files.map(textOf))
}

async function typedValue(text: string, field: Field | undefined, keeper: FileKeeper): Promise<Json> {
  return field && namesFiles(field) && !/^\s*[[{]/.test(text) ? await freezeValue(text, field, keeper) : text
}

/** A text file without the line break that editors put at its end. */
async function textOf(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    throw noFile(
      `The file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
}

function noFile(message: string): PlanographError {
  return new PlanographError('invalid', message, {
    code: 'no-such-file',
    hint: 'Paths start at the folder you are in. Quote patterns, so that the shell leaves them alone.',
  })
}
