import { exitCodes } from '../exit-code.ts'
import { answer, type Io } from '../io.ts'
import { table } from '../render/table.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

/** `planograph models`: the checkpoints of every backend. */
export async function models(options: Options.Home, io: Io): Promise<number> {
  return await withApp(options, io, async ({ services }) => {
    const lists = await Promise.all(
      services.images.backends.map(async (backend) =>
        (await backend.models()).map((model) => ({ backend: backend.id, ...model })),
      ),
    )
    const all = lists.flat()
    if (options.json) answer(io, JSON.stringify(all, null, 2))
    else
      answer(
        io,
        ...table(
          all.map(({ name, backend, family, title }) => [name, backend, family ?? '', title ?? '']),
          io.stdout.columns,
        ),
      )
    return exitCodes.done
  })
}
