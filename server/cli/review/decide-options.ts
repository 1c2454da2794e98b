import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { PlanographError } from '../../../runtime/errors.ts'
import { type DecisionInput, DecisionKind } from '../../../runtime/review.ts'
import { Json } from '../../../runtime/values.ts'

export interface DecideOptions {
  decision?: string
  value?: string
  items?: string
  feedback?: string
  node?: string
  comment?: string
  by?: string
}

/** The decision that the options of `resume` describe. */
export function decisionFrom(options: DecideOptions, cwd: string): DecisionInput {
  const kind = DecisionKind.safeParse(options.decision)
  if (!kind.success) throw usage(`--answer needs --decision: ${DecisionKind.options.join(', ')}.`)
  const common = { by: options.by, comment: options.comment }
  switch (kind.data) {
    case 'approve':
    case 'reject':
      return { kind: kind.data, ...common }
    case 'edit':
      return { kind: 'edit', value: editedValue(options.value, cwd), ...common }
    case 'pick':
      return { kind: 'pick', items: positions(options.items) ?? missing('pick', '--items 0,2'), ...common }
    case 'revise':
      return {
        kind: 'revise',
        feedback: options.feedback,
        items: positions(options.items),
        node: options.node,
        ...common,
      }
  }
}

function editedValue(text: string | undefined, cwd: string): Json {
  if (text === undefined) return missing('edit', "--value '<json>' or --value @file.json")
  const source = text.startsWith('@') ? readFileSync(resolve(cwd, text.slice(1)), 'utf8') : text
  try {
    return Json.parse(JSON.parse(source))
  } catch (error) {
    throw usage(`--value is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** "0,2" as numbers: positions in the list, counted from 0. */
function positions(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const parts = text.split(',').map((part) => part.trim())
  if (parts.every((part) => /^\d+$/.test(part))) return parts.map(Number)
  throw usage(`--items ${JSON.stringify(text)} is not a list of positions. Count from 0: --items 0,2`)
}

function missing(decision: string, option: string): never {
  throw usage(`--decision ${decision} needs ${option}.`)
}

function usage(message: string): PlanographError {
  return new PlanographError('invalid', message, {
    code: 'usage',
    hint: 'planograph resume --help shows the options.',
  })
}
