import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import type { RunView } from '../../../runtime/api.ts'
import { createMemoryStorage } from '../../../runtime/memory/create-memory-storage.ts'
import type { RunEvent } from '../../../runtime/run/events.ts'
import type { RunHead } from '../../../runtime/storage.ts'
import { type Bench, bench, graph, sha256 } from '../../tools/engine.ts'
import { failing, gate } from '../../tools/nodes.ts'

/** A journal as a program once wrote it, and how the run must read for ever. */
interface Golden {
  head: Omit<RunHead, 'seq' | 'holder' | 'updatedAt'>
  events: RunEvent[]
  view: RunView
}

const folder = join(import.meta.dirname, '../../golden/journals')
const golden: string[] = readdirSync(folder).filter((name) => name.endsWith('.json'))

const plan = graph(
  { p: ['think', { request: 'fox' }], q: ['review'], d: ['draw', { count: 2 }], l: ['review'] },
  ['p.plan > q.value', 'q.value > d.plan', 'd.images > l.value'],
)

/** How the committed journals were made. */
const lives: { [name: string]: (all: Bench) => Promise<RunView> } = {
  'done-lists': (all) =>
    all.run(
      graph(
        { w: ['words', { text: 'a b -c' }], s: ['shout'], r: ['remote'], g: ['gather'], c: ['collect'] },
        ['w.words > s.text', 's.text > r.text', 'r.text > g.items', 'w.words > c.items'],
      ),
    ),
  'failed-after-retries': async (all) => {
    failing(all.lab, 'r', 'unreachable', 'timeout', 'rate-limit')
    return all.run(
      graph({ r: ['remote', { text: 'x' }], s: ['shout'], t: ['text', { text: 'y' }] }, ['r.text > s.text']),
    )
  },
  'waiting-in-round-two': async (all) => {
    const run = await all.runtime.start(plan)
    await all.idle(run)
    await run.decide('q/ok', { kind: 'edit', value: { prompt: 'owl', steps: 3 } })
    await all.idle(run)
    await run.decide('l/ok', { kind: 'revise', items: [1], comment: 'the second again' })
    return all.idle(run)
  },
  'lazy-and-rejected': async (all) => {
    const run = await all.runtime.start(
      graph({ t: ['text', { text: 'x' }], q: ['review'], n: ['text'], c: ['choice', { on: true }] }, [
        't.text > q.value',
        'q.value > c.yes',
        'n.text > c.no',
      ]),
    )
    await all.idle(run)
    await run.decide('q/ok', { kind: 'reject', by: 'ann' })
    return all.idle(run)
  },
  'parked-resumed-cancelled': async (all) => {
    gate(all.lab, 'd')
    const run = await all.runtime.start(graph({ d: ['draw', { prompt: 'x' }] }), { timeoutMs: 5_000 })
    await all.idle(run)
    const again = await all.runtime.resume(run.id)
    await all.clock.pass(1_000)
    await all.clock.until(again.cancel('ann'))
    return all.idle(again)
  },
}

/** UPDATE_GOLDEN=1 writes those that are missing; one that is there is never written again. */
beforeAll(async () => {
  if (!process.env.UPDATE_GOLDEN) return
  for (const [name, live] of Object.entries(lives)) {
    if (golden.includes(`${name}.json`)) continue
    const all = bench()
    const view = await live(all)
    const head = await all.storage.journal.head(view.id)
    if (!head) throw new Error('The run is gone.')
    const { id, workflowId, status, createdAt } = head
    const events = (await all.storage.journal.read(view.id)).map(({ event }) => event)
    const text = JSON.stringify(
      { head: { id, workflowId, name: head.name, status, createdAt }, events, view },
      null,
      1,
    )
    writeFileSync(join(folder, `${name}.json`), `${text}\n`)
  }
})

it('[R97] every way of life has its journal', () => {
  expect(golden.map((name) => basename(name, '.json')).sort()).toEqual(Object.keys(lives).sort())
})

it.each(golden)('[R97] a journal of an earlier program reads as it did: %s', async (name) => {
  const { head, events, view }: Golden = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const storage = createMemoryStorage({ hash: sha256 })
  await storage.journal.create(head, events, { pid: 1, host: 'then', started: 1 }, 0)
  const read = await bench({ storage }).runtime.view(head.id)
  expect(JSON.parse(JSON.stringify(read))).toMatchObject(view)
})
