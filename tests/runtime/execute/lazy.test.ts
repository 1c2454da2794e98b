import { expect, it } from 'vitest'
import { bench, graph, statuses, stepOf } from '../../tools/engine.ts'
import { failing } from '../../tools/nodes.ts'

const either = (on: boolean, kind = 'text') =>
  graph({ y: [kind, { text: 'yes' }], n: ['text', { text: 'no' }], c: ['choice', { on }] }, [
    'y.text > c.yes',
    'n.text > c.no',
  ])

it('[R23] a switch runs only the branch that it needs', async () => {
  const { run, lab } = bench()
  const view = await run(either(true))
  expect(lab.calls).toEqual(['y', 'c'])
  expect(view.outputs).toEqual({ 'c.text': 'yes' })
  expect(stepOf(view, 'n')).toMatchObject({ status: 'skipped', reason: 'Not needed.' })
})

it('[R23] a branch that another node needs runs for it', async () => {
  const { run } = bench()
  const workflow = graph(
    { y: ['text', { text: 'yes' }], n: ['text', { text: 'no' }], c: ['choice', { on: true }], s: ['shout'] },
    ['y.text > c.yes', 'n.text > c.no', 'n.text > s.text'],
  )
  expect((await run(workflow)).outputs).toEqual({ 'c.text': 'yes', 's.text': 'no!' })
})

it('[R23] a failed branch skips the switch that asked for it', async () => {
  const { run, lab } = bench()
  failing(lab, 'y', 'invalid')
  expect(statuses(await run(either(true)))).toEqual({ y: 'failed', n: 'skipped', c: 'skipped' })
})

it('[R23] a branch that failed for somebody else is not run again for the switch', async () => {
  const { run, lab } = bench()
  failing(lab, 'y', 'invalid')
  const workflow = graph({ y: ['text', { text: 'yes' }], c: ['choice'], s: ['shout'], b: ['text'] }, [
    'y.text > s.text',
    'y.text > c.no',
  ])
  const view = await run(workflow)
  expect(lab.calls.filter((name) => name === 'y')).toEqual(['y'])
  expect(statuses(view)).toMatchObject({ c: 'skipped', s: 'skipped' })
})

it('[R24] a mapped switch asks item by item, and order is kept', async () => {
  const { run, lab } = bench()
  const view = await run(
    graph({ w: ['words', { text: 'a b' }], y: ['text'], c: ['choice', { on: false }] }, [
      'w.words > c.no',
      'y.text > c.yes',
    ]),
  )
  expect(view.outputs).toMatchObject({ 'c.text': ['a', 'b'] })
  expect(lab.calls).not.toContain('y')
})

it('[R25] what a lazy field asked for is in the journal, so another process sees the same run', async () => {
  const { run, process } = bench()
  const view = await run(either(true))
  expect(await process().runtime.view(view.id)).toEqual(view)
})

it('[R25] a review behind a lazy field can be answered by another process', async () => {
  const { run, process, idle } = bench()
  const workflow = graph({ y: ['text', { text: 'yes' }], r: ['review'], c: ['choice', { on: true }] }, [
    'y.text > r.value',
    'r.value > c.yes',
  ])
  const { id, status } = await run(workflow)
  expect(status).toBe('waiting')
  const other = await process().runtime.resume(id)
  await idle(other)
  await other.decide('r/ok', { kind: 'approve' })
  expect((await idle(other)).outputs).toEqual({ 'c.text': 'yes' })
})

it('[R25] a run that fails behind a lazy field reads the same from its journal', async () => {
  const { run, lab, process } = bench()
  failing(lab, 'y', 'invalid')
  const view = await run(either(true))
  expect(await process().runtime.view(view.id)).toEqual(view)
})
