import { spawn } from 'node:child_process'
import { type Io, say } from './io.ts'

/** Opens files with the program the system has for them. */
export function openFiles(files: readonly string[], io: Io): void {
  for (const file of files) {
    const [command, ...args] = openerOf(file)
    const child = spawn(command, args, { stdio: 'ignore', detached: true })
    child.on('error', (error) => say(io, `${file} cannot be opened: ${error.message}`))
    child.unref()
  }
}

function openerOf(file: string): [command: string, ...args: string[]] {
  if (process.platform === 'darwin') return ['open', file]
  return process.platform === 'win32' ? ['explorer.exe', file] : ['xdg-open', file]
}
