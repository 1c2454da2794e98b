import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const made: string[] = []

/** A folder of its own for a test file's homes, removed when the file is done. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'planograph-'))
  made.push(folder)
  return folder
}

afterAll(async () => {
  // Windows keeps a database's files until its last statement is collected.
  for (const folder of made.splice(0))
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
})
