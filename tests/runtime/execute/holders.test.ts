import { expect, it } from 'vitest'
import { bench, graph, refusal, stepOf } from '../../tools/engine.ts'
import { gate } from '../../tools/nodes.ts'

async function running() {
  const all = bench()
  const open = gate(all.lab, 'r')
  const run = await all.runtime.start(
    graph({ r: ['remote', { text: 'x' }], s: ['shout'] }, ['r.text > s.text']),
  )
  await all.clock.pass(100)
  return { ...all, run, open }
}

it('[R99] resuming a run that another process works on is refused, naming that process', async () => {
  const { process, run } = await running()
  expect(await refusal(process().runtime.resume(run.id))).toMatchObject({
    class: 'blocked',
    code: 'held',
    message: `Run ${run.id} is being worked on by process 1 on here.`,
  })
})

it('[R99] resuming a run that this process works on gives the same run', async () => {
  const { runtime, run } = await running()
  expect(await runtime.resume(run.id)).toBe(run)
})

it('[R99] resuming a resting run twice at once is one resume', async () => {
  const { runtime, run, clock } = await running()
  await clock.until(runtime.close())
  const [first, second] = await clock.until(Promise.all([runtime.resume(run.id), runtime.resume(run.id)]))
  expect(first).toBe(second)
})

it('[R99] a run that another process works on can be read', async () => {
  const { process, run } = await running()
  expect((await process().runtime.view(run.id)).status).toBe('running')
})

it('[R102] a process that lives keeps its run, however long a step takes', async () => {
  const { runtime, lab, process, clock } = bench()
  gate(lab, 'd')
  const run = await runtime.start(graph({ d: ['draw'] }))
  for (let i = 0; i < 5; i++) {
    await clock.pass(9_000)
    expect(await refusal(process().runtime.resume(run.id))).toMatchObject({ code: 'held' })
  }
})

it('[R100] a process that does not say any more that it lives loses its run after its lease', async () => {
  const { process, run, clock } = await running()
  const late = process({ alive: (held) => held.expiry > clock.now() + 60_000 })
  expect((await clock.until((await late.runtime.resume(run.id)).idle())).status).toBe('done')
})

it('[R101] a process that lost its run writes nothing into it any more', async () => {
  const { process, run, open, clock, storage } = await running()
  const other = process({ alive: () => false })
  const view = await clock.until((await other.runtime.resume(run.id)).idle())
  open()
  await clock.pass(60_000)
  expect((await storage.journal.read(run.id)).length).toBe(view.seq)
})

it('[R101] the handle of a process that lost its run says so', async () => {
  const { process, run, clock } = await running()
  const idle = run.idle()
  const refused = refusal(idle)
  const other = process({ alive: () => false })
  await clock.until((await other.runtime.resume(run.id)).idle())
  await clock.pass(10_000)
  expect(await refused).toMatchObject({ class: 'blocked', code: 'taken-over' })
})

it('[R88] of two processes that compute the same step the first commit counts', async () => {
  const { process, run, open, clock } = await running()
  const other = process({ alive: () => false })
  const handle = await other.runtime.resume(run.id)
  const view = await clock.until(handle.idle())
  open()
  await clock.pass(10_000)
  expect(await other.runtime.view(run.id)).toEqual(view)
  expect(stepOf(view, 'r').attempt).toBe(2)
})

it('[R101] what the zombie’s handle shows is what the journal says', async () => {
  const { process, run, open, clock } = await running()
  const other = process({ alive: () => false })
  const view = await clock.until((await other.runtime.resume(run.id)).idle())
  open()
  await clock.pass(10_000)
  expect(await run.view()).toEqual(view)
})

it('[R103] the process that records a decision goes on with the run', async () => {
  const { runtime, idle, process, lab } = bench()
  const first = await runtime.start(
    graph({ a: ['text', { text: 'x' }], q: ['review'], s: ['shout'] }, [
      'a.text > q.value',
      'q.value > s.text',
    ]),
  )
  await idle(first)
  const other = process()
  const handle = await other.runtime.resume(first.id)
  await idle(handle)
  await handle.decide('q/ok', { kind: 'approve' })
  expect((await idle(handle)).status).toBe('done')
  expect(lab.calls).toEqual(['a', 'q'])
  expect(other.lab.calls).toEqual(['q', 's'])
})

it('[R101] a process writes nothing from the moment another one holds its run, even before that one has written', async () => {
  const { run, open, clock, storage } = await running()
  const { seq } = (await storage.journal.head(run.id)) ?? { seq: 0 }
  await storage.journal.acquire(
    run.id,
    { pid: 9, host: 'there', started: 9 },
    clock.now(),
    clock.now() + 60_000,
    () => false,
  )
  const refused = refusal(run.idle())
  open()
  await clock.pass(1_000)
  expect(await refused).toMatchObject({ code: 'taken-over' })
  expect((await storage.journal.head(run.id))?.seq).toBe(seq)
})
