import type { Capabilities, ImageBackend } from '../../../nodes/services/images/backend.ts'
import { type Failure, toFailure } from '../../../runtime/errors.ts'
import { exitCodes } from '../exit-code.ts'
import { answer, type Io } from '../io.ts'
import { type Style, styleFor } from '../render/style.ts'
import { table } from '../render/table.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

interface Probed {
  backend: ImageBackend
  capabilities?: Capabilities
  failure?: Failure
}

/** `planograph backends`: who there is and what each can do; exit 5 when one does not answer. */
export async function backends(options: Options.Home, io: Io): Promise<number> {
  return await withApp(options, io, async ({ services }) => {
    const probed = await Promise.all(services.images.backends.map(probe))
    if (options.json) answer(io, JSON.stringify(probed.map(documentOf), null, 2))
    else {
      const style = styleFor(io.stdout, io.env)
      answer(
        io,
        ...table(
          probed.map((each) => rowOf(each, style)),
          io.stdout.columns,
        ),
      )
    }
    return probed.some(({ failure }) => failure) ? exitCodes.unreachable : exitCodes.done
  })
}

async function probe(backend: ImageBackend): Promise<Probed> {
  try {
    return { backend, capabilities: await backend.probe() }
  } catch (error) {
    return { backend, failure: toFailure(error) }
  }
}

function rowOf({ backend: { id, title }, capabilities, failure }: Probed, style: Style): string[] {
  if (!capabilities) return [id, title, style.red(failure?.message ?? '')]
  const { kinds, size } = capabilities
  const sides = size.fixed ? size.fixed.join(' × ') : `${size.min} to ${size.max}`
  return [id, title, `${[...kinds].join(', ')}; ${sides} pixels a side, multiples of ${size.multiple}`]
}

function documentOf({ backend: { id, title }, capabilities, failure }: Probed) {
  if (!capabilities) return { id, title, failure }
  return { id, title, ...capabilities, kinds: [...capabilities.kinds], maxSeed: String(capabilities.maxSeed) }
}
