import type { Workflow } from './schema.ts'

type Entry = [key: string, value: unknown]

/** Keys in the order in which they are written; others follow, sorted. */
const keys = {
  workflow: [
    'planograph',
    'id',
    'name',
    'description',
    'nodes',
    'edges',
    'frames',
    'notes',
    'inputs',
    'outputs',
  ],
  node: ['type', 'version', 'title', 'at', 'size', 'collapsed', 'mode', 'lists', 'values'],
  edge: ['from', 'to', 'via'],
  frame: ['title', 'at', 'size', 'colour', 'collapsed'],
  note: ['at', 'size', 'text'],
  face: ['to', 'from', 'title', 'help', 'order'],
}

/**
 * A workflow as text, the same for equal workflows: keys in a fixed order, maps sorted, nodes and edges one per line,
 * edges sorted by where they end, positions as integers. Empty maps are left out and the version of a node is always
 * written. `print(parse(print(x))) = print(x)`.
 */
export function print(workflow: Workflow): string {
  const { nodes, edges, frames, notes, inputs, outputs } = workflow
  const sections: { [key: string]: string | undefined } = {
    nodes: table(nodes, (node) => line({ ...node, version: node.version ?? 1 }, keys.node)) ?? '{}',
    edges: rows(edges),
    frames: table(frames, (frame) => line(frame, keys.frame)),
    notes: table(notes, (note) => line(note, keys.note)),
    inputs: table(inputs, (input) => line(input, keys.face)),
    outputs: table(outputs, (output) => line(output, keys.face)),
  }
  const members = inOrder(workflow, keys.workflow).flatMap(([key, value]) => {
    const text = Object.hasOwn(sections, key) ? sections[key] : inline(value)
    return text === undefined ? [] : [`  ${JSON.stringify(key)}: ${text}`]
  })
  return `{\n${members.join(',\n')}\n}\n`
}

function table<T>(entries: { [id: string]: T } | undefined, write: (value: T) => string): string | undefined {
  const lines = sorted(Object.entries(entries ?? {})).map(
    ([id, value]) => `    ${JSON.stringify(id)}: ${write(value)}`,
  )
  return lines.length === 0 ? undefined : `{\n${lines.join(',\n')}\n  }`
}

function rows(edges: Workflow['edges']): string {
  const ordered = [...edges].sort((a, b) => compare(a.to, b.to) || compare(a.from, b.from))
  const lines = ordered.map((edge) => `    ${line(edge, keys.edge)}`)
  return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`
}

/** One object on one line, without an empty `values`. */
function line(object: object, first: readonly string[]): string {
  const entries = inOrder(object, first)
    .filter(([key, value]) => key !== 'values' || !isEmpty(value))
    .map(([key, value]): Entry => [key, positions.has(key) ? rounded(value) : value])
  return braces(entries)
}

const positions: ReadonlySet<string> = new Set(['at', 'size', 'via'])

function rounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rounded)
  // Adding 0 turns −0 into 0.
  return typeof value === 'number' ? Math.round(value) + 0 : value
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => inline(item ?? null)).join(', ')}]`
  if (typeof value === 'object' && value !== null) return braces(inOrder(value, []))
  return JSON.stringify(value)
}

function braces(entries: Entry[]): string {
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([key, value]) => `${JSON.stringify(key)}: ${inline(value)}`).join(', ')} }`
}

function inOrder(object: object, first: readonly string[]): Entry[] {
  const place = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length)
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => place(a) - place(b) || compare(a, b))
}

function sorted<T>(entries: [string, T][]): [string, T][] {
  return entries.sort(([a], [b]) => compare(a, b))
}

/** By code units: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
