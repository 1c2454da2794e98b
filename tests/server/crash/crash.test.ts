import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'rolldown'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunEvent, stepName } from '../../../runtime/run/events.ts'
import { answer, crashLab, follow } from './crash-lab.ts'

const root = join(import.meta.dirname, '../../..')
const temporary = mkdtempSync(join(tmpdir(), 'planograph-crash-'))
/** Beside the packages, so that the native one is found. */
const bundle = join(root, 'node_modules', `.planograph-crash-${process.pid}.mjs`)

beforeAll(async () => {
  const input = join(root, 'tests/tools/crash-child.ts')
  await build({
    input,
    platform: 'node',
    external: /^libsql/,
    output: { file: bundle, format: 'esm' },
    logLevel: 'silent',
  })
})

afterAll(() => {
  rmSync(bundle, { force: true })
  rmSync(temporary, { recursive: true, force: true })
})

interface Died {
  folder: string
  killed: boolean
  operations: number
}

/** A process that runs the ten nodes in a new home, and dies at the given operation; 0: it does not. */
function child(killAt: number, cancelAt = 0): Promise<Died> {
  const folder = mkdtempSync(join(temporary, `at-${killAt}-`))
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [bundle, folder, String(killAt), String(cancelAt)],
      (error, stdout, stderr) => {
        if (error && error.signal !== 'SIGKILL') reject(new Error(`The child failed: ${stderr}`))
        else resolve({ folder, killed: error !== null, operations: Number(stdout) })
      },
    )
  })
}

function lines(folder: string, file: 'calls' | 'told'): string[] {
  try {
    return readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

const doneSteps = (events: RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step.done' ? [stepName(event.step)] : []))

interface Checked {
  killAt: number
  wrong: string[]
}

/** Goes on with what the child left, and names every promise that was broken. */
async function goOn(killAt: number, { folder }: Died): Promise<Checked> {
  const wrong: string[] = []
  const told = lines(folder, 'told')
  const { runtime, storage } = crashLab(folder, 'parent')
  const head = await storage.journal.head('the-run')
  if (told.includes('accepted the-run') && !head) wrong.push('P1: an accepted run is lost')
  if (head) {
    const before = (await storage.journal.read('the-run')).map(({ event }) => event)
    const kept = doneSteps(before)
    for (const line of told)
      if (line.startsWith('done ') && !kept.includes(line.slice(5)))
        wrong.push(`P2: "${line}" was told and is lost`)
    const run = await runtime.resume('the-run')
    follow(folder, run)
    const status = await answer(folder, run)
    const after = (await storage.journal.read('the-run')).map(({ event }) => event)
    const expected =
      before.some(({ type }) => type === 'run.cancelled') || told.includes('cancelled') ? 'cancelled' : 'done'
    if (status !== expected) wrong.push(`P1: the run ended as ${status}`)
    checkCalls(folder, kept, status, wrong)
    checkJournal(before, after, told, wrong)
  }
  await runtime.close()
  await storage.close()
  return { killAt, wrong }
}

function checkCalls(folder: string, kept: string[], status: string, wrong: string[]): void {
  const again = lines(folder, 'calls').filter((line) => line.startsWith('parent '))
  const calls = again.map((line) => line.split(' ')[1]?.slice('the-run:'.length) ?? '')
  for (const call of calls) if (kept.includes(call)) wrong.push(`P2: "${call}" was finished and ran again`)
  if (status === 'cancelled' && calls.length > 0) wrong.push(`P6: ${calls} ran after the cancel`)
}

function checkJournal(before: RunEvent[], after: RunEvent[], told: string[], wrong: string[]): void {
  if (JSON.stringify(after.slice(0, before.length)) !== JSON.stringify(before))
    wrong.push('P2: what was kept has changed')
  const done = doneSteps(after)
  if (new Set(done).size !== done.length) wrong.push('P3: a step has two results')
  const decisions = after.filter(({ type }) => type === 'review.decided')
  if (decisions.length > 1) wrong.push('P4: a review was decided twice')
  if (told.includes('decided ok/ok') && !before.some(({ type }) => type === 'review.decided'))
    wrong.push('P4: a decision is lost')
  const created = after[0]
  const drawn = after.find((event) => event.type === 'step.done' && event.step.node === 'draw')
  if (created?.type !== 'run.created' || drawn?.type !== 'step.done') return
  if (drawn.parts?.values.seed !== created.seeds.draw) wrong.push('P7: the seed was drawn again')
}

/**
 * Every durable operation in turn, until a child gets through alive: how many there are depends on how they are
 * grouped. Two at a time: one works while the other waits for its disk.
 */
async function everyPoint(cancelAt: number): Promise<Checked[]> {
  const found: Checked[] = []
  let next = 1
  let alive = false
  const worker = async () => {
    while (!alive) {
      const point = next++
      const died = await child(point, cancelAt)
      alive ||= !died.killed
      found.push(await goOn(point, died))
    }
  }
  await Promise.all([worker(), worker()])
  return found
}

it('[R85] [R86] [R87] [R88] [R89] [R92] a process killed at any durable operation loses nothing and repeats nothing that was finished', {
  timeout: 240_000,
}, async () => {
  const found = await everyPoint(0)
  expect(found.length).toBeGreaterThan(12)
  expect(found.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})

it('[R84] a process killed at any durable operation of a run that is cancelled starts nothing after the cancel', {
  timeout: 240_000,
}, async () => {
  const found = await everyPoint(7)
  expect(found.length).toBeGreaterThan(5)
  expect(found.filter(({ wrong }) => wrong.length > 0)).toEqual([])
})
