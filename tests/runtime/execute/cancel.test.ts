import { expect, it } from 'vitest'
import { bench, graph, refusal, statuses } from '../../tools/engine.ts'
import { gate } from '../../tools/nodes.ts'

const chain = graph({ r: ['remote', { text: 'x' }], s: ['shout'], k: ['save'] }, [
  'r.text > s.text',
  's.text > k.text',
])

async function running() {
  const all = bench()
  const open = gate(all.lab, 'r')
  const run = await all.runtime.start(chain)
  await all.clock.pass(100)
  return { ...all, run, open }
}

it('[R80] a run cancelled at once runs nothing', async () => {
  const { runtime, lab, clock } = bench()
  const run = await runtime.start(chain)
  await clock.until(run.cancel('ann'))
  await clock.pass(1_000)
  expect(lab.calls).toEqual([])
  const view = await run.view()
  expect(view.status).toBe('cancelled')
  expect(new Set(Object.values(statuses(view)))).toEqual(new Set(['cancelled']))
})

it('[R81] a cancel in mid-step tells the node to stop, and ends the run', async () => {
  const { run, lab, clock } = await running()
  await clock.until(run.cancel())
  expect(lab.signals.get('r')?.aborted).toBe(true)
  expect((await run.view()).status).toBe('cancelled')
})

it('[R84] when a cancel is acknowledged it is in the journal', async () => {
  const { run, clock, storage } = await running()
  await clock.until(run.cancel('ann'))
  const kept = (await storage.journal.read(run.id)).map(({ event }) => event)
  expect(kept).toContainEqual({ type: 'run.cancelled', at: expect.any(Number), by: 'ann' })
})

it('[R81] a run that is cancelled is idle', async () => {
  const { run, clock } = await running()
  const idle = run.idle()
  await clock.until(run.cancel())
  expect((await clock.until(idle)).status).toBe('cancelled')
})

it('[R82] the result of a node that did not stop is dropped', async () => {
  const { run, clock, open, storage } = await running()
  await clock.until(run.cancel())
  open()
  await clock.pass(1_000)
  expect(statuses(await run.view())).toMatchObject({ r: 'cancelled' })
  const types = (await storage.journal.read(run.id)).map(({ event }) => event.type)
  expect(types).toEqual(['run.created', 'step.started', 'run.cancelled', 'run.finished'])
})

it('[R83] what was finished before the cancel stays', async () => {
  const { runtime, lab, clock } = bench()
  gate(lab, 'k')
  const run = await runtime.start(chain)
  await clock.pass(100)
  await clock.until(run.cancel())
  expect(statuses(await run.view())).toEqual({ r: 'done', s: 'done', k: 'cancelled' })
})

it('[R83] a waiting run can be cancelled', async () => {
  const { runtime, idle } = bench()
  const run = await runtime.start(graph({ a: ['text'], q: ['review'] }, ['a.text > q.value']))
  await idle(run)
  await run.cancel()
  expect((await run.view()).status).toBe('cancelled')
})

it('[R83] a run that nobody holds can be cancelled by another process', async () => {
  const { run, clock, runtime, process } = await running()
  await clock.until(runtime.close())
  const other = process()
  await clock.until(other.runtime.cancel(run.id))
  expect((await other.runtime.view(run.id)).status).toBe('cancelled')
})

it('[R83] a run whose process died can be cancelled', async () => {
  const { run, clock, process } = await running()
  const other = process({ alive: () => false })
  await clock.until(other.runtime.cancel(run.id, 'bob'))
  expect((await other.runtime.view(run.id)).status).toBe('cancelled')
})

it('[R83] cancelling twice is cancelling once', async () => {
  const { run, clock, storage } = await running()
  await clock.until(Promise.all([run.cancel(), run.cancel()]))
  const cancels = (await storage.journal.read(run.id)).filter(({ event }) => event.type === 'run.cancelled')
  expect(cancels).toHaveLength(1)
})

it('[R83] a run that has ended is not touched by a cancel, and nobody holds it after', async () => {
  const { run, runtime, storage } = bench()
  const { id } = await run(graph({ a: ['text'] }))
  await runtime.cancel(id)
  expect((await runtime.view(id)).status).toBe('done')
  expect((await storage.journal.head(id))?.holder).toBeUndefined()
})

it('[R84] after a cancel is acknowledged no attempt starts, not even one that waited to try again', async () => {
  const { runtime, lab, clock } = bench({ pools: { images: 1 } })
  const open = gate(lab, 'a')
  const run = await runtime.start(graph({ a: ['remote', { text: '1' }], b: ['remote', { text: '2' }] }))
  await clock.pass(100)
  await clock.until(run.cancel())
  open()
  await clock.pass(100_000)
  expect(lab.calls).toEqual(['a'])
})

it('[R84] a cancelled run cannot be resumed into work', async () => {
  const { run, clock, lab, process } = await running()
  await clock.until(run.cancel())
  const other = process()
  const resumed = await other.runtime.resume(run.id)
  await clock.until(resumed.idle())
  await clock.pass(1_000)
  expect([...lab.calls, ...other.lab.calls]).toEqual(['r'])
})

it('[R98] a run that does not exist cannot be cancelled', async () => {
  expect(await refusal(bench().runtime.cancel('nothing'))).toMatchObject({ code: 'no-run' })
})
