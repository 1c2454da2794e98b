import { exitCodes } from '../exit-code.ts'
import { answer, type Io } from '../io.ts'
import { table } from '../render/table.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

/** `planograph providers`: who plans, and who revises. */
export async function providers(options: Options.Home, io: Io): Promise<number> {
  return await withApp(options, io, async ({ services }) => {
    const roles = Object.entries(services.llm).map(([role, { id, title }]) => ({ role, id, title }))
    if (options.json) answer(io, JSON.stringify(roles, null, 2))
    else
      answer(
        io,
        ...table(
          roles.map(({ role, id, title }) => [role, id, title]),
          io.stdout.columns,
        ),
      )
    return exitCodes.done
  })
}
