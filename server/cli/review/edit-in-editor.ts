import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PlanographError } from '../../../runtime/errors.ts'
import type { Env } from '../../app/env.ts'

/** The person's editor: VISUAL, EDITOR, else what the system surely has. May hold arguments. */
function editorCommand(env: Env): string {
  return env.VISUAL || env.EDITOR || (process.platform === 'win32' ? 'notepad' : 'vi')
}

/** Opens the text in the person's editor and answers what was saved. @throws `invalid` when the editor fails. */
export async function editInEditor(text: string, fileName: string, env: Env): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'planograph-edit-'))
  const file = join(folder, fileName)
  try {
    await writeFile(file, text)
    await waitFor(editorCommand(env), file, env)
    return await readFile(file, 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function waitFor(command: string, file: string, env: Env): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(`${command} "${file}"`, { shell: true, stdio: 'inherit', env: { ...env } })
    const fail = (why: string) =>
      reject(
        new PlanographError('invalid', `The editor "${command}" ${why}.`, {
          code: 'editor',
          hint: 'Set EDITOR to your editor, for example EDITOR=nano or EDITOR="code --wait".',
        }),
      )
    child.on('error', (error) => fail(`cannot be started: ${error.message}`))
    child.on('close', (code) => (code === 0 ? resolve() : fail(`ended with code ${code}`)))
  })
}
