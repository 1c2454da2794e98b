import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Desk, greeting, newDesk, planned } from './planograph.ts'

let desk: Desk
beforeEach(async () => {
  desk = await newDesk()
  await desk.write('greeting.json', greeting)
})

async function ran(...options: string[]): Promise<string> {
  return (await desk.planograph('run', 'greeting.json', '--json', ...options)).json().run
}

describe('planograph check', () => {
  it('says that a workflow can run, and makes no home', async () => {
    const { code, stdout } = await desk.planograph('check', 'greeting.json')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'greeting.json can run.\n' })
    expect(existsSync(desk.home)).toBe(false)
  })

  it('prints problems as JSON with --json', async () => {
    await desk.write('bad.json', { ...greeting, edges: [] })
    const { code, stdout } = await desk.planograph('check', 'bad.json', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ ok: expect.any(Boolean), problems: expect.any(Array) })
    expect(code).toBe(JSON.parse(stdout).ok ? 0 : 2)
  })

  it.each(['hello', 'plan-and-paint', 'restyle', 'inpaint', 'variations', 'plan-review-picture'])(
    'finds the example %s without problems',
    async (name) => {
      const { code, stdout } = await desk.planograph('check', name)
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${name}.json can run.\n` })
    },
  )
})

describe('planograph runs, show and explain', () => {
  it('list runs, newest first', async () => {
    const first = await ran()
    const second = await ran()
    const { stdout } = await desk.planograph('runs')
    expect(
      stdout
        .split('\n')
        .slice(0, 2)
        .map((line) => line.split(' ')[0]),
    ).toEqual([second, first])
    expect((await desk.planograph('runs', '--limit', '1', '--json')).json()).toHaveLength(1)
  })

  it('show the steps and outputs of a run', async () => {
    const run = await ran()
    const { stdout, code } = await desk.planograph('show', run)
    expect(code).toBe(0)
    expect(stdout).toMatch(/Steps\n {2}name +done/)
    expect(stdout).toMatch(/Outputs\n {2}greeting +Hello Ada!/)
    expect((await desk.planograph('show', run, '--json')).json()).toMatchObject({ run, status: 'done' })
  })

  it('show how to answer a run that waits', async () => {
    await desk.write('plan.json', planned)
    const { run } = (await desk.planograph('run', 'plan.json', '--json')).json()
    expect((await desk.planograph('show', run)).stdout).toContain(
      `planograph resume ${run} --answer ok/review`,
    )
  })

  it('explain which part of the key differs from the time before', async () => {
    await ran()
    const run = await ran('--input', 'name=Bo')
    const { stdout } = await desk.planograph('explain', run, 'hello')
    expect(stdout).toMatch(/words[^\n]*Ada[^\n]*→[^\n]*Bo/)
    expect((await desk.planograph('explain', run, 'hello', '--json')).json().differs).toHaveLength(1)
  })
})

describe('planograph nodes', () => {
  it('lists every node type under its category', async () => {
    const { stdout } = await desk.planograph('nodes')
    expect(stdout).toMatch(/^image$/m)
    expect(stdout).toMatch(/^ {2}txt2img +Text to image/m)
  })

  it('tells everything about one', async () => {
    const { stdout } = await desk.planograph('nodes', 'txt2img')
    expect(stdout).toMatch(/^ {2}steps +integer +auto .*\n?/m)
    expect(stdout).toMatch(/\(1 to 150\)/)
    expect((await desk.planograph('nodes', 'txt2img', '--json')).json().fields.steps.schema).toBeDefined()
  })
})

describe('what is connected', () => {
  it.each([
    ['backends', /embedded +Embedded engine +txt2img, img2img, inpaint/],
    ['providers', /planner +offline/],
    ['models', /planograph-demo +embedded +demo +Demo model \(256 px\)/],
  ])('%s', async (command, says) => {
    const { code, stdout } = await desk.planograph(command)
    expect(stdout).toMatch(says)
    expect(code).toBe(0)
    expect(JSON.parse((await desk.planograph(command, '--json')).stdout)).toHaveLength(
      command === 'providers' ? 2 : 1,
    )
  })
})

describe('planograph doctor', () => {
  it('finds all well on this machine and makes no home', async () => {
    const { code, stdout } = await desk.planograph('doctor')
    expect(stdout).toMatch(/✓ Model planograph-demo/)
    expect(stdout).not.toContain('✗')
    expect(code).toBe(0)
    expect(existsSync(desk.home)).toBe(false)
  })

  it('names what is wrong with the remedy: exit code 1', async () => {
    await mkdir(desk.home)
    await desk.write('home/settings.json', { models: ['missing'] })
    await desk.write('home/planograph.db', 'this is no database, but long enough to be looked at'.repeat(100))
    const { code, stdout } = await desk.planograph('doctor', '--json')
    const failed = JSON.parse(stdout).filter(({ status }: { status: string }) => status === 'fail')
    expect(failed).toMatchObject([
      { name: 'Database', message: expect.stringContaining('damaged'), remedy: expect.any(String) },
      {
        name: 'Model missing',
        message: expect.stringContaining('no model folder'),
        remedy: expect.any(String),
      },
    ])
    expect(code).toBe(1)
  })

  it('reports settings that cannot be read', async () => {
    await mkdir(desk.home)
    await desk.write('home/settings.json', '{')
    const { code, stdout } = await desk.planograph('doctor')
    expect(stdout).toMatch(/✗ Settings {2}The settings cannot be read: it is not JSON/)
    expect(code).toBe(1)
  })
})

describe('planograph gc', () => {
  it('removes nothing that was just made', async () => {
    await ran()
    const { code, stdout } = await desk.planograph('gc', '--older-than', '1s', '--max-size', '1KB')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Removed 0 cached results and 0 files, 0 B.\n' })
  })
})

describe('planograph export', () => {
  it('prints the canonical workflow', async () => {
    const { stdout } = await desk.planograph('export', 'greeting.json')
    await desk.write('again.json', stdout)
    expect((await desk.planograph('export', 'again.json')).stdout).toBe(stdout)
  })

  it('writes where -o says, never over another file', async () => {
    await desk.planograph('export', 'greeting.json', '-o', 'mine.json')
    const { stdout } = await desk.planograph('export', 'greeting.json', '-o', 'mine.json')
    expect(stdout.trim()).toBe(join(desk.folder, 'mine-2.json'))
  })
})

describe('the program', () => {
  it('says its version and its help on stdout', async () => {
    expect((await desk.planograph('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect((await desk.planograph('--help')).stdout).toMatch(/Exit codes:/)
  })
})
