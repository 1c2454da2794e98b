import { parseDuration } from '../duration.ts'
import { exitCodes } from '../exit-code.ts'
import { answer, type Io } from '../io.ts'
import { parseSize, sizeText } from '../size-text.ts'
import type * as Options from './options.ts'
import { withApp } from './with-app.ts'

/** `planograph gc`. What a run, a kept result or a saved workflow needs always stays. */
export async function gc(options: Options.Gc, io: Io): Promise<number> {
  const olderThanMs = options.olderThan === undefined ? undefined : parseDuration(options.olderThan)
  const maxCacheBytes = options.maxSize === undefined ? undefined : parseSize(options.maxSize)
  return await withApp(options, io, async (app) => {
    const removed = await app.collectGarbage({ olderThanMs, maxCacheBytes })
    if (options.json) answer(io, JSON.stringify(removed))
    else
      answer(
        io,
        `Removed ${removed.results} cached results and ${removed.blobs} files, ${sizeText(removed.bytes)}.`,
      )
    return exitCodes.done
  })
}
