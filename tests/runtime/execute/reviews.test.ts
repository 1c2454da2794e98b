import { expect, it } from 'vitest'
import { createCatalog } from '../../../runtime/catalog.ts'
import { bench, graph, refusal, statuses, stepOf } from '../../tools/engine.ts'
import { labNodes } from '../../tools/nodes.ts'

const asked = graph({ w: ['words', { text: 'a b c' }], r: ['review'], s: ['shout'] }, [
  'w.words > r.value',
  'r.value > s.text',
])
const single = graph({ p: ['think', { request: 'fox' }], r: ['review'], d: ['draw', { seed: 1 }] }, [
  'p.plan > r.value',
  'r.value > d.plan',
])

async function waiting(workflow = asked) {
  const all = bench()
  const run = await all.runtime.start(workflow)
  const view = await all.idle(run)
  return { ...all, waits: run, view }
}

it('[R53] a node that asks opens a review, and the run waits', async () => {
  const { view } = await waiting()
  expect(view.status).toBe('waiting')
  expect(statuses(view)).toEqual({ w: 'done', r: 'waiting' })
  expect(view.reviews).toMatchObject([
    { id: 'r/ok', node: 'r', index: '', round: 1, value: ['a', 'b', 'c'], kind: 'text', question: 'Good?' },
  ])
})

it('[R53] other branches go on while a review is open', async () => {
  const { view } = await waiting(
    graph({ a: ['text', { text: 'x' }], r: ['review'], b: ['shout'] }, [
      'a.text > r.value',
      'a.text > b.text',
    ]),
  )
  expect(statuses(view)).toEqual({ a: 'done', r: 'waiting', b: 'done' })
})

it('[R53] several reviews can be open at once, each answered by its id', async () => {
  const { waits, idle, view } = await waiting(
    graph({ a: ['text', { text: 'x' }], b: ['text', { text: 'y' }], r: ['review'], q: ['review'] }, [
      'a.text > r.value',
      'b.text > q.value',
    ]),
  )
  expect(view.reviews.map(({ id }) => id)).toEqual(['r/ok', 'q/ok'])
  await waits.decide('q/ok', { kind: 'approve' })
  expect(statuses(await idle(waits))).toMatchObject({ r: 'waiting', q: 'done' })
})

it('[R54] approve passes the value on', async () => {
  const { waits, idle } = await waiting()
  await waits.decide('r/ok', { kind: 'approve', by: 'ann', comment: 'nice' })
  const view = await idle(waits)
  expect(view.outputs).toEqual({ 's.text': ['a!', 'b!', 'c!'] })
  expect(view.reviews[0]?.decision).toEqual({ kind: 'approve', by: 'ann', comment: 'nice' })
})

it('[R54] code before the question runs again, and nothing else does', async () => {
  const { waits, idle, lab } = await waiting()
  await waits.decide('r/ok', { kind: 'approve' })
  await idle(waits)
  expect(lab.calls).toEqual(['w', 'r', 'r', 's[0]', 's[1]', 's[2]'])
})

it('[R55] an edited value goes on instead of the first', async () => {
  const { waits, idle } = await waiting()
  await waits.decide('r/ok', { kind: 'edit', value: ['z'] })
  expect((await idle(waits)).outputs).toEqual({ 's.text': ['z!'] })
})

it('[R55] an edit that does not fit the kind is refused with its place, and the review stays open', async () => {
  const { waits } = await waiting()
  expect(await refusal(waits.decide('r/ok', { kind: 'edit', value: ['z', 5] }))).toMatchObject({
    class: 'invalid',
    code: 'bad-edit',
    message: 'The edited value does not fit: "1" must be a text, but is 5.',
  })
  expect((await waits.view()).status).toBe('waiting')
})

it('[R55] a list cannot be edited into a single value', async () => {
  const { waits } = await waiting()
  expect(await refusal(waits.decide('r/ok', { kind: 'edit', value: 'z' }))).toMatchObject({
    code: 'bad-edit',
  })
})

it('[R55] a single value is edited as one', async () => {
  const { waits, idle } = await waiting(single)
  await waits.decide('r/ok', { kind: 'edit', value: { prompt: 'owl', steps: 3 } })
  expect((await idle(waits)).outputs).toEqual({ 'd.images': ['owl/3/1'] })
})

it('[R56] picked items go on', async () => {
  const { waits, idle } = await waiting()
  await waits.decide('r/ok', { kind: 'pick', items: [2, 0] })
  expect((await idle(waits)).outputs).toEqual({ 's.text': ['c!', 'a!'] })
})

it('[R56] an item that is not there cannot be picked', async () => {
  const { waits } = await waiting()
  expect(await refusal(waits.decide('r/ok', { kind: 'pick', items: [0, 3] }))).toMatchObject({
    code: 'bad-pick',
    message: 'There is no item 3; there are 3, counted from 0.',
  })
})

it('[R56] of a single value nothing can be picked', async () => {
  const { waits } = await waiting(single)
  expect(await refusal(waits.decide('r/ok', { kind: 'pick', items: [0] }))).toMatchObject({
    code: 'bad-pick',
  })
})

it('[R57] reject ends the step as rejected, skips what depends on it, and ends the run as rejected', async () => {
  const { waits, idle } = await waiting()
  await waits.decide('r/ok', { kind: 'reject' })
  const view = await idle(waits)
  expect(view.status).toBe('rejected')
  expect(statuses(view)).toEqual({ w: 'done', r: 'rejected', s: 'skipped' })
  expect(stepOf(view, 's').reason).toBe('"r" was rejected.')
})

it('[R66] the same decision twice gets the same answer and is recorded once', async () => {
  const { waits, idle, storage } = await waiting()
  const first = await waits.decide('r/ok', { kind: 'approve' })
  await idle(waits)
  expect(await waits.decide('r/ok', { kind: 'approve' })).toEqual(first)
  const events = (await storage.journal.read(waits.id)).filter(({ event }) => event.type === 'review.decided')
  expect(events).toHaveLength(1)
})

it('[R66] another decision is a conflict that shows the first', async () => {
  const { waits } = await waiting()
  await waits.decide('r/ok', { kind: 'approve', by: 'ann' })
  expect(await refusal(waits.decide('r/ok', { kind: 'reject' }))).toMatchObject({
    code: 'already-decided',
    details: { decision: { kind: 'approve', by: 'ann' } },
  })
})

it('[R66] of two different decisions at the same time one counts and the other is a conflict', async () => {
  const { waits, clock } = await waiting()
  const both = [waits.decide('r/ok', { kind: 'approve' }), waits.decide('r/ok', { kind: 'reject' })]
  const [first, second] = await clock.until(Promise.allSettled(both))
  expect([first?.status, second?.status]).toEqual(['fulfilled', 'rejected'])
})

it('[R66] the same edit twice is the same decision, however the schema completes it', async () => {
  const { waits, idle } = await waiting()
  await waits.decide('r/ok', { kind: 'edit', value: ['z'] })
  await idle(waits)
  expect(await waits.decide('r/ok', { kind: 'edit', value: ['z'] })).toMatchObject({ id: 'r/ok' })
  expect(await refusal(waits.decide('r/ok', { kind: 'edit', value: [5] }))).toMatchObject({
    code: 'already-decided',
  })
})

it('[R67] an unknown review is refused', async () => {
  const { waits } = await waiting()
  expect(await refusal(waits.decide('x/ok', { kind: 'approve' }))).toMatchObject({ code: 'no-review' })
})

it('[R67] a decision that cannot be read is refused with what is wrong', async () => {
  const { waits } = await waiting()
  const error = await refusal(waits.decide('r/ok', { kind: 'pick', items: [] }))
  expect(error).toMatchObject({ code: 'bad-decision', message: expect.stringContaining('items') })
})

it('[R67] a run that was cancelled takes no decision', async () => {
  const { waits } = await waiting()
  await waits.cancel()
  expect(await refusal(waits.decide('r/ok', { kind: 'approve' }))).toMatchObject({ code: 'run-ended' })
})

const due = (onDue: string) =>
  graph({ a: ['text', { text: 'x' }], r: ['review', { dueInMs: 60_000, onDue }] }, ['a.text > r.value'])

it.each([
  ['approve', 'done'],
  ['reject', 'rejected'],
])('[R68] a review whose time has come is decided by itself: %s', async (onDue, status) => {
  const { waits, clock, idle } = await waiting(due(onDue))
  await clock.pass(61_000)
  const view = await idle(waits)
  expect(view.status).toBe(status)
  expect(view.reviews[0]?.decision).toMatchObject({ kind: onDue, by: 'timeout' })
})

it('[R68] a review that is due in months is not decided at once by a timer that holds weeks', async () => {
  const months = 90 * 86_400_000
  const real = bench()
  const clock = {
    ...real.clock,
    after: (ms: number, call: () => void) => real.clock.after(ms > 2 ** 31 - 1 ? 1 : ms, call),
  }
  const { runtime } = real.process({ clock })
  const run = await runtime.start(
    graph({ a: ['text'], r: ['review', { dueInMs: months, onDue: 'approve' }] }, ['a.text > r.value']),
  )
  await real.idle(run)
  await real.clock.pass(months - 1_000)
  expect((await run.view()).status).toBe('waiting')
  await real.clock.pass(2_000)
  expect((await run.view()).status).toBe('done')
})

it('[R68] a review that is to wait waits on', async () => {
  const { waits, clock } = await waiting(due('wait'))
  await clock.pass(1_000_000)
  expect((await waits.view()).status).toBe('waiting')
})

it('[R68] due reviews of a process that is gone are decided by the next command', async () => {
  const { waits, clock, process, runtime } = await waiting(due('approve'))
  await runtime.close()
  await clock.pass(61_000)
  const other = process()
  expect(await clock.until(other.runtime.fireDue())).toEqual([waits.id])
  await clock.pass(100)
  expect((await other.runtime.view(waits.id)).status).toBe('done')
})

it('[R68] a review that is not due is left alone', async () => {
  const { waits, clock, process, runtime } = await waiting(due('approve'))
  await runtime.close()
  await clock.pass(30_000)
  expect(await process().runtime.fireDue()).toEqual([])
  expect((await waits.view()).status).toBe('waiting')
})

it('[R53] a node that asks without saying so is a bug of its type', async () => {
  const nodes = labNodes.map((node) => (node.type === 'review' ? { ...node, asks: false } : node))
  const { run } = bench({ catalog: createCatalog({ nodes }) })
  const view = await run(graph({ a: ['text'], r: ['review'] }, ['a.text > r.value']))
  expect(stepOf(view, 'r').failure).toMatchObject({
    class: 'bug',
    message: 'The node type "review" asks without saying so.',
  })
})
