import { Plan, parameterLabels, planParameters } from '../../../nodes/kinds/plan.ts'
import type { Json } from '../../../runtime/values.ts'
import type { Style } from './style.ts'
import { padEnd, printable, textWidth, wrap } from './text-width.ts'

const labelColumns = 20
const valueColumns = 22

/** A plan for people: each parameter with its value and reason, then warnings, alternatives, advice, and who planned. */
export function planLines(plan: Plan, columns: number, style: Style): string[] {
  const rows = planParameters.flatMap((parameter) => {
    const value = plan[parameter]
    if (value === null) return []
    return parameterLines(parameterLabels[parameter], String(value), plan.reasons[parameter], columns, style)
  })
  const warnings = plan.warnings.flatMap((warning) => remark(`${style.yellow('!')} `, warning, columns))
  return [
    ...rows,
    ...section(warnings),
    ...section(alternativeLines(plan, columns, style)),
    ...section(plan.advice ? remark('  ', plan.advice, columns) : []),
    '',
    `  ${style.dim(`Planned by ${printable(plan.by)}.`)}`,
  ]
}

/** Whether a value is a plan, for values of kind `plan`. */
export function asPlan(value: Json): Plan | undefined {
  const plan = Plan.safeParse(value)
  return plan.success ? plan.data : undefined
}

function parameterLines(
  label: string,
  value: string,
  reason: string | undefined,
  columns: number,
  style: Style,
) {
  const head = `  ${style.bold(padEnd(label, labelColumns))}  `
  const rest = Math.max(30, columns - labelColumns - 4)
  const shown = printable(value === '' ? '(empty)' : value)
  if (!reason) return indented(head, wrap(shown, rest))
  const why = printable(reason)
  if (textWidth(shown) > valueColumns)
    return [...indented(head, wrap(shown, rest)), ...indented(gap, wrap(why, rest).map(style.dim))]
  const lines = wrap(why, Math.max(20, rest - valueColumns - 2)).map(style.dim)
  return indented(`${head}${padEnd(shown, valueColumns)}  `, lines, gap + ' '.repeat(valueColumns + 2))
}

const gap = ' '.repeat(labelColumns + 4)

function indented(head: string, [first = '', ...more]: string[], indent = gap): string[] {
  return [head + first, ...more.map((line) => indent + line)]
}

function remark(mark: string, text: string, columns: number): string[] {
  return indented(`  ${mark}`, wrap(printable(text), Math.max(30, columns - 6)), '    ')
}

const section = (lines: string[]) => (lines.length > 0 ? ['', ...lines] : [])

function alternativeLines({ alternatives }: Plan, columns: number, style: Style): string[] {
  return alternatives.flatMap(({ parameter, value, reason }) =>
    remark('or ', `${parameterLabels[parameter]} ${value ?? 'left open'}: ${reason}`, columns).map(style.dim),
  )
}
