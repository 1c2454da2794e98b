import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Desk, newDesk, workflow } from './planograph.ts'

const program = fileURLToPath(new URL('../../../server/cli/index.ts', import.meta.url))
const loader = import.meta.resolve('tsx')

/** Ctrl-C does not exist between processes on Windows: `kill` ends them there without asking. */
const interruptible = process.platform !== 'win32'

let desk: Desk
beforeEach(async () => {
  desk = await newDesk()
})

const painting = workflow({
  render: { type: 'txt2img', values: { prompt: 'a red house', steps: 150, count: 8 } },
})

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

function start(...args: string[]): {
  child: ChildProcess
  said(text: RegExp): Promise<void>
  ended: Promise<Ended>
} {
  const env = { ...desk.env, PATH: process.env.PATH }
  const child = spawn(process.execPath, ['--import', loader, program, ...args], { cwd: desk.folder, env })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  )
  const said = (text: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => text.test(stderr) && resolve()
      child.stderr.on('data', look)
      ended.then(() => reject(new Error(`ended without saying ${text}: ${stderr}`)))
      look()
    })
  return { child, said, ended }
}

describe('the program as a process', () => {
  it('answers with the exit code of the command', async () => {
    const { code, stderr } = await start('run', 'missing.json').ended
    expect(stderr).toMatch(/no file missing\.json/)
    expect(code).toBe(2)
  })

  it.runIf(interruptible)(
    'Ctrl-C cancels cleanly: exit code 130, and no attempt starts any more',
    async () => {
      await desk.write('paint.json', painting)
      const { child, said, ended } = start('run', 'paint.json')
      await said(/· render/)
      child.kill('SIGINT')
      const { code, stderr } = await ended
      expect(code).toBe(130)
      expect(stderr).toMatch(/Cancelled/)
      const [run] = (await desk.planograph('runs', '--json')).json()
      expect(run).toMatchObject({ status: 'cancelled' })
      expect((await desk.planograph('resume', run.id)).code).toBe(130)
    },
  )

  it.runIf(interruptible)('a killed process loses nothing: another one goes on with its run', async () => {
    const two = workflow(
      {
        idea: { type: 'prompt', values: { text: 'a red house' } },
        render: { type: 'txt2img', values: { steps: 3 } },
      },
      ['idea.text > render.prompt'],
      { outputs: { picture: { from: 'render.images' } } },
    )
    await desk.write('two.json', two)
    const { child, said, ended } = start('run', 'two.json')
    await said(/· render/)
    child.kill('SIGKILL')
    await ended
    const [run] = (await desk.planograph('runs', '--json')).json()
    const { code, stdout } = await desk.planograph('resume', run.id, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).steps[0]).toMatchObject({ node: 'idea', attempt: 1, status: 'done' })
    expect(JSON.parse(stdout).files).toEqual([join(desk.folder, 'out', 'picture.png')])
  })
})
