import type { CatalogData, FieldData, NodeData } from '../../../runtime/catalog-data.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import { suggestion } from '../../../runtime/nearest.ts'
import { own } from '../../../runtime/own.ts'
import { programCatalog } from '../../app/nodes.ts'
import { exitCodes } from '../exit-code.ts'
import { answer, type Io } from '../io.ts'
import { type Style, styleFor } from '../render/style.ts'
import { table } from '../render/table.ts'
import { valueText } from '../render/value-text.ts'
import type * as Options from './options.ts'

/** `planograph nodes [type]`. */
export async function nodes(type: string | undefined, options: Options.Json, io: Io): Promise<number> {
  const catalog = programCatalog().data
  const style = styleFor(io.stdout, io.env)
  if (type === undefined) {
    if (options.json) answer(io, JSON.stringify(catalog, null, 2))
    else answer(io, ...listLines(catalog, style, io.stdout.columns))
    return exitCodes.done
  }
  const node = own(catalog.nodes, type)
  if (!node) throw unknownType(type, Object.keys(catalog.nodes))
  if (options.json) answer(io, JSON.stringify(node, null, 2))
  else answer(io, ...nodeLines(node, style, io.stdout.columns))
  return exitCodes.done
}

function listLines(catalog: CatalogData, style: Style, columns?: number): string[] {
  const all = Object.values(catalog.nodes)
  const categories = [...new Set(all.map(({ category }) => category))].sort()
  return categories.flatMap((category, at) => {
    const rows = all
      .filter((node) => node.category === category)
      .map(({ type, title, summary }) => [type, title, summary])
    return [...(at > 0 ? [''] : []), style.bold(category), ...table(rows, columns).map((line) => `  ${line}`)]
  })
}

function nodeLines(node: NodeData, style: Style, columns = 100): string[] {
  const { type, title, version, summary, fields, outputs, examples } = node
  const outputRows = Object.entries(outputs).map(([name, { kind, list, help }]) => [
    name,
    list ? `list of ${kind}` : kind,
    help ?? '',
  ])
  return [
    `${style.bold(title)}  ${type}, version ${version}`,
    summary,
    '',
    style.bold('Fields'),
    ...indent(table(Object.entries(fields).map(fieldRow), columns - 2)),
    '',
    style.bold('Outputs'),
    ...indent(table(outputRows, columns - 2)),
    '',
    style.bold('Examples'),
    ...examples.flatMap(({ title: example, values }) => [`  ${example}`, `    ${valueText(values)}`]),
  ]
}

function fieldRow([name, field]: [string, FieldData]): string[] {
  return [
    name,
    field.list ? `list of ${field.kind}` : field.kind,
    defaultText(field),
    `${field.help}${limitsText(field)}`,
  ]
}

function defaultText({ default: value, optional, wire }: FieldData): string {
  if (value !== undefined) return valueText(value, 24) || '""'
  if (wire === 'only') return optional ? 'wire, optional' : 'wire'
  return optional ? 'optional' : 'required'
}

function limitsText({ hints, wire }: FieldData): string {
  const { min, max, choices } = hints
  const range = min === undefined && max === undefined ? '' : ` (${valueText(min)} to ${valueText(max)})`
  const words = Array.isArray(choices) ? ` One of: ${choices.join(', ')}.` : ''
  return `${range}${words}${wire === 'never' ? ' Cannot be wired.' : ''}`
}

const indent = (lines: string[]) => lines.map((line) => `  ${line}`)

function unknownType(type: string, types: string[]): PlanographError {
  return new PlanographError('invalid', `There is no node type "${type}".`, {
    code: 'unknown-type',
    hint: suggestion(type, types, '`planograph nodes` lists them all.'),
  })
}
