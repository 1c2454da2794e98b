import type { RunView } from '../../../runtime/api.ts'
import { stepName } from '../../../runtime/run/events.ts'
import { durationText } from '../duration.ts'
import { exitCodes } from '../exit-code.ts'
import { answer, type Io } from '../io.ts'
import { type Style, styleFor } from '../render/style.ts'
import { table } from '../render/table.ts'
import { printable } from '../render/text-width.ts'
import { valueText } from '../render/value-text.ts'
import { runDocument } from '../report/run-document.ts'
import { howToAnswer } from '../review/how-to-answer.ts'
import { timeText } from '../time-text.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

/** `planograph show <run>`. */
export async function show(id: string, options: Options.Home, io: Io): Promise<number> {
  return await withApp(options, io, async ({ runtime }) => {
    await runtime.fireDue()
    const view = await runtime.view(id)
    if (options.json)
      answer(io, JSON.stringify(runDocument(view, { files: [], written: [], warnings: [] }), null, 2))
    else answer(io, ...runLines(view, options.home, styleFor(io.stdout, io.env), io.stdout.columns))
    return exitCodes.done
  })
}

function runLines(view: RunView, home: string | undefined, style: Style, columns?: number): string[] {
  const { id, name, status, createdAt, reason, steps, reviews, outputs } = view
  const open = reviews.filter(({ decision }) => decision === undefined)
  const decided = reviews.flatMap(({ id: review, decision }) =>
    decision
      ? [[review, decision.kind, `by ${decision.by}${decision.comment ? `: ${decision.comment}` : ''}`]]
      : [],
  )
  const values = Object.entries(outputs).map(([output, value]) => [output, valueText(value)])
  return [
    `${style.bold(id)}  ${status}  ${timeText(createdAt)}  ${printable(name)}`,
    ...(reason ? [printable(reason)] : []),
    ...section('Steps', table(steps.map(stepRow), columns), style),
    ...section(
      'Decisions',
      table(
        decided.map((row) => row.map(printable)),
        columns,
      ),
      style,
    ),
    ...section('Outputs', table(values, columns), style),
    ...(status === 'waiting' && open.length > 0 ? ['', ...howToAnswer(id, open, home)] : []),
  ]
}

function stepRow(step: RunView['steps'][number]): string[] {
  const { status, ms, failure, reason, notes, from } = step
  const taken = typeof from === 'object' ? `taken over from run ${from.run}` : undefined
  const remark = [failure?.message, failure?.hint, reason, taken, ...notes].filter(Boolean).join(' ')
  return [stepName(step), status, status === 'done' ? durationText(ms) : '', printable(remark)]
}

function section(title: string, lines: string[], style: Style): string[] {
  return lines.length > 0 ? ['', style.bold(title), ...lines.map((line) => `  ${line}`)] : []
}
