import { own } from '../own.ts'
import type { Problem } from '../problem.ts'
import { type ValueFault, valueFaults } from '../value-faults.ts'
import type { Json } from '../values.ts'
import { duplicateKeys } from './duplicate-keys.ts'
import { jsonFault } from './json-fault.ts'
import { currentFormat, type FileJson, type Format, migrateFile } from './migrate.ts'
import { migrateNodes, type NodeMigration, type NodeVersions } from './migrate-nodes.ts'
import { Workflow } from './schema.ts'

export type Parsed =
  | { ok: true; workflow: Workflow; warnings: Problem[] }
  | { ok: false; problems: Problem[] }

/**
 * Reads a workflow from text or from what `JSON.parse` made of it, and brings it to this program's format and, when a
 * catalog is given, to the installed versions of its node types. Unknown keys and node types stay. Whether the
 * workflow can run is the question of `check`.
 */
export function parse(
  source: string | object,
  catalog?: NodeVersions,
  format: Format = currentFormat,
): Parsed {
  const read = typeof source === 'string' ? readJson(source) : { ok: true as const, value: source }
  if (!read.ok) return read
  if (!isObject(read.value))
    return refused(
      'not-a-workflow',
      'This is not a workflow: it is not a JSON object.',
      'Choose a file that Planograph saved.',
    )
  try {
    const file = migrateFile(read.value, format)
    if (!file.ok) return refused('wrong-format', `This file cannot be read: ${file.reason}.`, file.hint)
    const reserved = sections.find((section) => holdsProto(file.file[section]))
    if (reserved)
      return refused(
        'wrong-shape',
        `"${reserved}" must not hold the name "__proto__".`,
        'Give it another name.',
      )
    const result = Workflow.safeParse(file.file)
    if (!result.success) return { ok: false, problems: valueFaults(Workflow, file.file).map(shapeProblem) }
    const { workflow, migrated } = catalog
      ? migrateNodes(result.data, catalog)
      : { workflow: result.data, migrated: [] }
    const doubled = typeof source === 'string' ? duplicateKeys(source).map(doubledWarning) : []
    return { ok: true, workflow, warnings: [...doubled, ...migrated.map(migratedWarning)] }
  } catch (error) {
    return refused(...broken(error))
  }
}

function readJson(text: string): { ok: true; value: Json } | { ok: false; problems: Problem[] } {
  const bare = text.replace(/^\uFEFF/, '')
  try {
    return { ok: true, value: JSON.parse(bare) }
  } catch {
    const { line, column, message, hint } = jsonFault(bare) ?? unreadable
    return refused(
      'broken-json',
      `This is not valid JSON: at line ${line}, column ${column}, ${message}.`,
      hint,
      `line ${line}, column ${column}`,
    )
  }
}

const unreadable = { line: 1, column: 1, message: 'it cannot be read', hint: 'Save the file again.' }

function isObject(value: unknown): value is FileJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The one name that a table of JavaScript loses without a word. */
function holdsProto(table: unknown): boolean {
  return isObject(table) && Object.hasOwn(table, '__proto__')
}

const sections = ['nodes', 'frames', 'notes', 'inputs', 'outputs']

function refused(
  code: string,
  message: string,
  hint: string,
  place?: string,
): { ok: false; problems: Problem[] } {
  return { ok: false, problems: [{ severity: 'error', code, message, hint, ...(place && { place }) }] }
}

function shapeProblem({ path, text }: ValueFault): Problem {
  const place = path.reduce<string>(
    (at, step) => (typeof step === 'number' ? `${at}[${step}]` : at ? `${at}.${step}` : step),
    '',
  )
  const [section, node, part, field] = path
  return {
    severity: 'error',
    code: 'wrong-shape',
    place,
    ...(section === 'nodes' && typeof node === 'string' && { node }),
    ...(section === 'nodes' && part === 'values' && typeof field === 'string' && { field }),
    message: `"${place}" ${text}.`,
    hint: own(hints, String(section)) ?? 'Correct it in the file, or open a saved version.',
  }
}

const hints: { [section: string]: string } = {
  nodes: 'A node is {"type": …, "at": [x, y], "values": {…}}.',
  edges: 'An edge is {"from": "node.output", "to": "node.field"}.',
  inputs: 'An input is {"to": "node.field", "title": …}.',
  outputs: 'An output is {"from": "node.output", "title": …}.',
}

function doubledWarning(place: string): Problem {
  return {
    severity: 'warning',
    code: 'duplicate-name',
    place,
    message: `"${place}" stands twice in the file; only the last one is read.`,
    hint: 'Give one of them another name, or remove it.',
  }
}

function migratedWarning({ node, type, from, to }: NodeMigration): Problem {
  return {
    severity: 'warning',
    code: 'migrated',
    node,
    message: `"${node}" was brought from version ${from} of "${type}" to version ${to}.`,
    hint: 'Look over its values, then save the workflow.',
  }
}

function broken(error: unknown): [code: string, message: string, hint: string] {
  // Nesting of thousands of levels exhausts the stack of the schema.
  if (error instanceof RangeError)
    return [
      'too-deep',
      'This file cannot be read: its values are nested too deeply.',
      'Make the values in it flatter.',
    ]
  const reason = error instanceof Error ? error.message : String(error)
  return [
    'migration-failed',
    `This file cannot be brought forward to the installed version: ${reason}.`,
    'Open it with the version it was made by, or report this with the file.',
  ]
}
