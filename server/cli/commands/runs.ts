import { PlanographError } from '../../../runtime/errors.ts'
import { exitCodes } from '../exit-code.ts'
import { answer, type Io, say } from '../io.ts'
import { table } from '../render/table.ts'
import { printable } from '../render/text-width.ts'
import { timeText } from '../time-text.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

/** `planograph runs`. */
export async function runs(options: Options.Runs, io: Io): Promise<number> {
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1) throw badLimit(options.limit)
  return await withApp(options, io, async ({ runtime, storage }) => {
    await runtime.fireDue()
    const heads = await storage.journal.list({ limit })
    if (options.json) answer(io, JSON.stringify(heads, null, 2))
    else if (heads.length === 0) say(io, 'There are no runs in this home yet.')
    else
      answer(
        io,
        ...table(
          heads.map(({ id, status, createdAt, name }) => [id, status, timeText(createdAt), printable(name)]),
          io.stdout.columns,
        ),
      )
    return exitCodes.done
  })
}

function badLimit(text: string): PlanographError {
  return new PlanographError('invalid', `--limit ${JSON.stringify(text)} is not a number of runs.`, {
    code: 'usage',
    hint: 'Write it like --limit 50.',
  })
}
