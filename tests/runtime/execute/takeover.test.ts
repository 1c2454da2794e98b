import { expect, it } from 'vitest'
import { bench, graph, refusal, stepOf } from '../../tools/engine.ts'

const plan = (request: string, id = 'w') =>
  graph(
    { p: ['think', { request }], r: ['review'], d: ['draw', { seed: 1 }] },
    ['p.plan > r.value', 'r.value > d.plan'],
    { id },
  )

async function approved(decide = true) {
  const all = bench()
  const run = await all.runtime.start(plan('fox'))
  await all.idle(run)
  if (decide) await run.decide('r/ok', { kind: 'approve', by: 'ann' })
  await all.idle(run)
  all.lab.calls.length = 0
  return { ...all, first: run }
}

it('[R49] a new run takes over a finished plan of the run before it, and says so', async () => {
  const { run, lab } = await approved()
  const view = await run(plan('fox'))
  expect(lab.calls).not.toContain('p')
  expect(stepOf(view, 'p')).toMatchObject({ status: 'cached', from: { run: 'run-0001' } })
})

it('[R49] a plan for another request is made anew', async () => {
  const { run, lab } = await approved()
  await run(plan('cat'))
  expect(lab.calls).toContain('p')
})

it('[R49] nothing is taken over from another workflow', async () => {
  const { run, lab } = await approved()
  await run(plan('fox', 'other'))
  expect(lab.calls).toContain('p')
})

it('[R50] a decision is taken over when what was reviewed is equal', async () => {
  const { run } = await approved()
  const view = await run(plan('fox'))
  expect(view.status).toBe('done')
  expect(view.reviews).toMatchObject([
    { decision: { kind: 'approve', by: 'ann' }, from: { run: 'run-0001' } },
  ])
})

it('[R50] a decision about another plan is not taken over', async () => {
  const { run } = await approved()
  expect((await run(plan('cat'))).status).toBe('waiting')
})

it('[R50] an open review is not a decision', async () => {
  const { run } = await approved(false)
  expect((await run(plan('fox'))).status).toBe('waiting')
})

it('[R50] an edited plan is taken over with its edit', async () => {
  const { run, first, clock } = await approved(false)
  await first.decide('r/ok', { kind: 'edit', value: { prompt: 'owl', steps: 5 } })
  await clock.until(first.idle())
  expect((await run(plan('fox'))).outputs).toEqual({ 'd.images': ['owl/5/1'] })
})

it('[R50] a rejection is not taken over', async () => {
  const { run, first, clock } = await approved(false)
  await first.decide('r/ok', { kind: 'reject' })
  await clock.until(first.idle())
  expect((await run(plan('fox'))).status).toBe('waiting')
})

it('[R51] a run told to plan anew takes nothing over', async () => {
  const { run, lab } = await approved()
  expect((await run(plan('fox'), { planAnew: true })).status).toBe('waiting')
  expect(lab.calls).toContain('p')
})

it('[R52] of a plan that was revised the approved one is taken over, and not the first draft', async () => {
  const { runtime, idle, run } = bench()
  const first = await runtime.start(plan('fox'))
  await idle(first)
  await first.decide('r/ok', { kind: 'revise', feedback: 'at night' })
  await idle(first)
  await first.decide('r#2/ok', { kind: 'approve' })
  await idle(first)
  expect((await run(plan('fox'))).outputs).toEqual({ 'd.images': ['fox; at night/20/1'] })
})

it('[R52] what was taken over can be taken over again', async () => {
  const { run } = await approved()
  await run(plan('fox'))
  const view = await run(plan('fox'))
  expect(view.status).toBe('done')
  expect(view.reviews[0]?.from).toEqual({ run: 'run-0002' })
})

it('[R50] a decision that was taken over cannot be taken again', async () => {
  const { runtime, idle } = await approved()
  const run = await runtime.start(plan('fox'))
  await idle(run)
  expect(await refusal(run.decide('r/ok', { kind: 'reject' }))).toMatchObject({ code: 'already-decided' })
})
