import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryModels } from '../../../tools/painting.ts'

const script = fileURLToPath(new URL('../../../tools/paint-and-leave.ts', import.meta.url))
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

let models: Awaited<ReturnType<typeof temporaryModels>>
beforeAll(async () => {
  models = await temporaryModels({ tiny: {} })
})
afterAll(() => models.remove())

/** From another folder, since the engine must find its child from anywhere. */
function start(...args: string[]): ChildProcess {
  const command = ['--import', loader, script, models.folders[0] ?? '', ...args]
  return spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'], cwd: models.root })
}

async function childOf(program: ChildProcess): Promise<number> {
  const [line] = await once(program.stdout ?? program, 'data')
  return Number(String(line))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('the child process', () => {
  it('does not keep a program from ending, and ends with it', async () => {
    const program = start()
    const [pid, [code]] = await Promise.all([childOf(program), once(program, 'exit')])
    expect(code).toBe(0)
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
  })

  it('ends when the program is killed', async () => {
    const program = start('stay')
    const pid = await childOf(program)
    expect(isAlive(pid)).toBe(true)
    program.kill('SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
  })
})
