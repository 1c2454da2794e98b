import { access, constants, mkdtemp, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PlanographError } from '../../runtime/errors.ts'

/**
 * Makes sure that files can be written to a folder, without leaving anything there. The folder may not exist yet: its
 * nearest parent then decides. @throws `invalid` with code `out-unwritable`.
 */
export async function checkOut(folder: string): Promise<void> {
  const there = await nearestFolder(folder)
  try {
    await access(there, constants.W_OK)
    await rmdir(await mkdtemp(join(there, '.planograph-')))
  } catch (error) {
    throw unwritable(folder, error instanceof Error ? error.message : String(error))
  }
}

async function nearestFolder(folder: string): Promise<string> {
  let at = folder
  for (;;) {
    const found = await stat(at).catch(notThere)
    if (found?.isDirectory()) return at
    if (found) throw unwritable(folder, `${at} is a file`)
    at = dirname(at)
  }
}

/** ENOTDIR: a parent is a file, and the walk upwards will meet it. */
function notThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}

function unwritable(folder: string, why: string): PlanographError {
  return new PlanographError('invalid', `Pictures cannot be written to ${folder}: ${why}.`, {
    code: 'out-unwritable',
    hint: 'Choose another folder with --out, or change its permissions.',
  })
}
