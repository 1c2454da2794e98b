import { stepName } from '../../../runtime/run/events.ts'
import { exitCodes } from '../exit-code.ts'
import { answer, type Io } from '../io.ts'
import { table } from '../render/table.ts'
import { printable } from '../render/text-width.ts'
import { valueText } from '../render/value-text.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

/** `planograph explain <run> <node>`. */
export async function explain(run: string, node: string, options: Options.Home, io: Io): Promise<number> {
  return await withApp(options, io, async ({ runtime }) => {
    const explanation = await runtime.explain(run, node)
    const { step, previous, differs, summary } = explanation
    if (options.json) {
      answer(io, JSON.stringify(explanation, null, 2))
      return exitCodes.done
    }
    const rows = differs.map(({ part, before, now }) => [
      part,
      `${valueText(before, 200)}  →  ${valueText(now, 200)}`,
    ])
    const compared = previous ? `, compared with ${stepName(previous.step)} of run ${previous.run}` : ''
    answer(io, `${stepName(step)}${compared}`, printable(summary), ...table(rows, io.stdout.columns))
    return exitCodes.done
  })
}
