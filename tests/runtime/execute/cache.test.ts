import { expect, it } from 'vitest'
import { createCatalog } from '../../../runtime/catalog.ts'
import { bench, graph, statuses, stepOf } from '../../tools/engine.ts'
import { failing, gate, labNodes } from '../../tools/nodes.ts'

const pair = (a: string, b = '?') =>
  graph({ a: ['text', { text: a }], b: ['text', { text: b }], s: ['shout'], j: ['join'] }, [
    'a.text > s.text',
    's.text > j.a',
    'b.text > j.b',
  ])

it('[R37] a second equal run executes nothing', async () => {
  const { run, lab } = bench()
  await run(pair('x'))
  lab.calls.length = 0
  const view = await run(pair('x'))
  expect(lab.calls).toEqual([])
  expect(new Set(Object.values(statuses(view)))).toEqual(new Set(['cached']))
  expect(view.outputs).toEqual({ 'j.text': 'x!?' })
})

it('[R37] results are shared with other processes on the same home', async () => {
  const { run, process, clock } = bench()
  await run(pair('x'))
  const other = process()
  await clock.until((await other.runtime.start(pair('x'))).idle())
  expect(other.lab.calls).toEqual([])
})

it('[R38] an edited step that gives the same result makes nothing after it run again', async () => {
  const { run, lab } = bench()
  await run(graph({ a: ['join', { a: 'x', b: 'y' }], s: ['shout'] }, ['a.text > s.text']))
  lab.calls.length = 0
  await run(graph({ a: ['join', { a: '', b: 'xy' }], s: ['shout'] }, ['a.text > s.text']))
  expect(lab.calls).toEqual(['a'])
})

it('[R38] the id of a node does not matter', async () => {
  const { run, lab } = bench()
  await run(graph({ a: ['text', { text: 'x' }] }))
  lab.calls.length = 0
  await run(graph({ b: ['text', { text: 'x' }] }))
  expect(lab.calls).toEqual([])
})

it('[R39] after one change only what depends on it runs', async () => {
  const { run, lab } = bench()
  await run(pair('x', 'y'))
  lab.calls.length = 0
  await run(pair('x', 'z'))
  expect(lab.calls).toEqual(['b', 'j'])
})

it('[R40] a node can be made anew while the others come from the cache', async () => {
  const { run, lab } = bench()
  await run(pair('x'))
  lab.calls.length = 0
  await run(pair('x'), { refresh: ['s'] })
  expect(lab.calls).toEqual(['s'])
})

it('[R40] what was made anew replaces what the cache held', async () => {
  const { run, lab, storage } = bench()
  await run(graph({ a: ['text', { text: 'x' }] }))
  const [before] = await storage.results.list()
  await run(graph({ a: ['text', { text: 'x' }] }), { refresh: ['a'] })
  expect((await storage.results.list()).map(({ key }) => key)).toEqual([before?.key])
  lab.calls.length = 0
  await run(graph({ a: ['text', { text: 'x' }] }))
  expect(lab.calls).toEqual([])
})

it('[R41] without the cache everything runs, and nothing is kept in it', async () => {
  const { run, lab, storage } = bench()
  await run(pair('x'))
  const before = await storage.results.list()
  lab.calls.length = 0
  await run(pair('x'), { noCache: true })
  expect(lab.calls).toHaveLength(4)
  expect(await storage.results.list()).toEqual(before)
})

it('[R42] an entry whose blob is gone is a miss', async () => {
  const { run, lab, storage } = bench()
  await run(graph({ l: ['long', { length: 9000 }] }))
  for await (const { hash } of storage.blobs.list()) await storage.blobs.delete(hash)
  lab.calls.length = 0
  const view = await run(graph({ l: ['long', { length: 9000 }] }))
  expect(lab.calls).toEqual(['l'])
  expect(view.outputs).toEqual({ 'l.text': 'x'.repeat(9000) })
})

it('[R42] an output that was cleaned up is shown as such, and the rest of the run can be read', async () => {
  const { run, runtime, storage } = bench()
  const { id } = await run(graph({ l: ['long', { length: 9000 }], a: ['text', { text: 'x' }] }))
  for await (const { hash } of storage.blobs.list()) await storage.blobs.delete(hash)
  const view = await runtime.view(id)
  expect(view.outputs).toEqual({ 'a.text': 'x' })
  expect(stepOf(view, 'l').notes).toEqual(['The output "text" was cleaned up.'])
})

it('[R43] a failure is not cached', async () => {
  const { run, lab } = bench()
  failing(lab, 'a', 'invalid')
  expect((await run(graph({ a: ['text'] }))).status).toBe('failed')
  expect((await run(graph({ a: ['text'] }))).status).toBe('done')
})

it('[R44] a result that counts within a run is computed once in it, and again in another run of another workflow', async () => {
  const { run, lab } = bench()
  const workflow = (id: string) =>
    graph({ a: ['think', { request: 'x' }], b: ['think', { request: 'x' }] }, [], { id })
  await run(workflow('one'))
  expect(lab.calls).toHaveLength(1)
  await run(workflow('two'))
  expect(lab.calls).toHaveLength(2)
})

it('[R45] a node that is never cached runs each time', async () => {
  const { run, lab } = bench()
  await run(graph({ s: ['save', { text: 'x' }] }))
  await run(graph({ s: ['save', { text: 'x' }] }))
  expect(lab.calls).toEqual(['s', 's'])
})

it('[R46] equal steps that run at the same time are one computation', async () => {
  const { run, lab } = bench()
  const view = await run(
    graph({ a: ['remote', { text: 'x' }], b: ['remote', { text: 'x' }], c: ['remote', { text: 'x' }] }),
  )
  expect(lab.calls).toHaveLength(1)
  expect(Object.values(statuses(view)).sort()).toEqual(['cached', 'cached', 'done'])
})

it('[R46] equal steps of different runs of a process are one computation', async () => {
  const { runtime, lab, clock, idle } = bench()
  const open = gate(lab, 'a')
  const runs = [await runtime.start(graph({ a: ['remote'] })), await runtime.start(graph({ a: ['remote'] }))]
  await clock.pass(100)
  open()
  for (const run of runs) expect((await idle(run)).status).toBe('done')
  expect(lab.calls).toEqual(['a'])
})

it('[R46] when the one that computes fails, another does it', async () => {
  const { run, lab } = bench()
  failing(lab, 'a', 'invalid')
  const view = await run(graph({ a: ['remote'], b: ['remote'], c: ['remote'] }))
  expect(statuses(view)).toMatchObject({ a: 'failed', b: 'done', c: 'cached' })
})

it('[R46] when the one that computes is cancelled, the other does not wait for it', async () => {
  const { runtime, lab, clock, idle } = bench()
  gate(lab, 'a')
  const first = await runtime.start(graph({ a: ['remote'] }))
  await clock.pass(100)
  const second = await runtime.start(graph({ b: ['remote'] }))
  await clock.pass(100)
  await clock.until(first.cancel())
  expect((await idle(second)).status).toBe('done')
})

it('[R48] one can ask why a step ran', async () => {
  const { run, runtime } = bench()
  await run(graph({ a: ['join', { a: 'x', b: 'y' }] }))
  const { id } = await run(graph({ a: ['join', { a: 'x', b: 'z' }] }))
  const { differs, previous, summary } = await runtime.explain(id, 'a')
  expect(differs).toEqual([{ part: 'b', before: 'y', now: 'z' }])
  expect(previous?.run).toBe('run-0001')
  expect(summary).toContain('"a" ran because these differ from run run-0001: b.')
})

it('[R48] a step that never ran before says so', async () => {
  const { run, runtime } = bench()
  const { id } = await run(graph({ a: ['text'] }))
  expect(await runtime.explain(id, 'a')).toMatchObject({
    differs: [],
    summary: expect.stringContaining('never ran before'),
  })
})

it('[R48] a step that came from the cache says that nothing differs', async () => {
  const { run, runtime } = bench()
  await run(graph({ a: ['text'] }))
  const { id } = await run(graph({ a: ['text'] }))
  expect((await runtime.explain(id, 'a')).summary).toContain('its result was reused')
})

it('[R48] a node that computed nothing is refused, naming those that did', async () => {
  const { run, runtime } = bench()
  const { id } = await run(graph({ a: ['text'] }))
  await expect(runtime.explain(id, 'b')).rejects.toMatchObject({
    code: 'not-run',
    hint: 'Nodes of this run: a.',
  })
})

it('[R47] a new version of a node type is another key', async () => {
  const { run, process, clock } = bench()
  await run(graph({ a: ['text'] }))
  const nodes = labNodes.map((node) =>
    node.type === 'text'
      ? { ...node, version: 2, migrations: { 1: (values: object) => ({ values: { ...values } }) } }
      : node,
  )
  const { runtime, lab } = process({ catalog: createCatalog({ nodes }) })
  await clock.until((await runtime.start(graph({ a: ['text'] }))).idle())
  expect(lab.calls).toEqual(['a'])
})

it('[R47] a changed reason in a plan makes nothing run again', async () => {
  const { run, lab } = bench()
  const workflow = (request: string) =>
    graph({ p: ['think', { request }], d: ['draw', { prompt: 'mine', seed: 1 }] }, ['p.plan > d.plan'])
  await run(workflow('x'))
  lab.calls.length = 0
  await run(workflow('y'))
  expect(lab.calls).toEqual(['p'])
})
