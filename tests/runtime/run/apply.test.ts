import { expect, it } from 'vitest'
import { createCatalog } from '../../../runtime/catalog.ts'
import { beginState } from '../../../runtime/execute/load.ts'
import { apply } from '../../../runtime/run/apply.ts'
import { decide } from '../../../runtime/run/decide.ts'
import type { RunEvent } from '../../../runtime/run/events.ts'
import type { RunState } from '../../../runtime/run/state.ts'
import { statusOf } from '../../../runtime/run/status.ts'
import { bench, graph } from '../../tools/engine.ts'
import { gate, labNodes } from '../../tools/nodes.ts'

const catalog = createCatalog({ nodes: labNodes })

/** The events of a run of "plan, then review, then pictures" that waits at the review. */
async function events(): Promise<RunEvent[]> {
  const { runtime, idle, storage } = bench()
  const run = await runtime.start(
    graph({ p: ['think', { request: 'x' }], q: ['review'], d: ['draw'] }, [
      'p.plan > q.value',
      'q.value > d.plan',
    ]),
  )
  await idle(run)
  return (await storage.journal.read(run.id)).map(({ event }) => event)
}

function fold(all: RunEvent[], nodes = catalog): RunState {
  const [first] = all
  if (first?.type !== 'run.created') throw new Error('A journal begins with run.created.')
  return all.reduce(apply, beginState({ catalog: nodes }, first))
}

const starts = (state: RunState) =>
  decide(state).map((effect) => (effect.type === 'start' ? effect.step.fact.key : effect.type))

it('[R88] an outcome that comes a second time changes nothing', async () => {
  const all = await events()
  const done = all.find((event) => event.type === 'step.done')
  const state = fold(done ? [...all, { ...done, outputs: { plan: { value: 'other' } } }] : [])
  expect(state.facts.get('p')?.outputs).toMatchObject({ plan: { value: { prompt: 'x' } } })
  expect(statusOf(state)).toBe('waiting')
})

it('[R88] a review that opens a second time is one review', async () => {
  const all = await events()
  const opened = all.find((event) => event.type === 'review.opened')
  const state = fold(opened ? [...all, opened] : [])
  expect(state.openReviews).toBe(1)
  expect(statusOf(state)).toBe('waiting')
})

it('[R66] a decision about a review that is not open changes nothing', async () => {
  const all = await events()
  const decided = (kind: 'approve' | 'reject', review = 'q/ok'): RunEvent => ({
    type: 'review.decided',
    review,
    decision: { kind, by: 'x' },
    at: 1,
  })
  const state = fold([...all, decided('approve'), decided('reject'), decided('reject', 'nothing')])
  expect(state.reviews.get('q/ok')?.decision?.kind).toBe('approve')
  expect(starts(state)).toEqual(['q'])
})

it('[R62] what is said of a round that is over changes nothing', async () => {
  const all = await events()
  const step = { node: 'p', index: '', round: 1 }
  const anew: RunEvent = {
    type: 'review.decided',
    review: 'q/ok',
    decision: { kind: 'revise', feedback: '', by: 'x' },
    at: 1,
    anew: [{ step }],
  }
  const late: RunEvent = {
    type: 'step.done',
    step,
    attempt: 1,
    at: 2,
    ms: 0,
    outputs: { plan: { value: 'late' } },
  }
  const state = fold([...all, anew, late])
  expect(state.facts.get('p')).toMatchObject({ round: 2, status: 'open', outputs: undefined })
  expect(starts(state)).toEqual(['p'])
})

it('[R83] a run that was parked finishes as cancelled once it is cancelled', async () => {
  const state = fold([
    ...(await events()),
    { type: 'run.parked', at: 1, reason: 'x' },
    { type: 'run.cancelled', at: 2, by: 'x' },
  ])
  expect(decide(state)).toEqual([{ type: 'finish', status: 'cancelled' }])
})

it('[R95] nothing follows from a run that is parked, or that has ended', async () => {
  const all = await events()
  expect(decide(fold([...all, { type: 'run.parked', at: 1, reason: 'x' }]))).toEqual([])
  expect(decide(fold([...all, { type: 'run.finished', at: 1, status: 'done' }]))).toEqual([])
})

it('[R33] what follows is said once', async () => {
  const [created] = await events()
  const state = fold(created ? [created] : [])
  expect(starts(state)).toEqual(['p'])
  expect(starts(state)).toEqual([])
})

it('[R90] events of node types that are not installed any more fold into a state that can be read', async () => {
  const without = createCatalog({
    nodes: labNodes.filter(({ type }) => type !== 'review' && type !== 'choice'),
  })
  const all = await events()
  const step = { node: 'q', index: '', round: 1 }
  const failed = {
    type: 'step.failed' as const,
    step,
    attempt: 1,
    at: 1,
    ms: 0,
    failure: { class: 'bug' as const, message: 'x', retry: false },
  }
  const decided = (kind: 'approve' | 'reject'): RunEvent => ({
    type: 'review.decided',
    review: 'q/ok',
    decision: { kind, by: 'x' },
    at: 1,
  })
  expect(fold(all, without).openReviews).toBe(1)
  expect(fold([...all, decided('approve')], without).facts.get('q')?.status).toBe('open')
  expect(fold([...all, decided('reject')], without).facts.get('q')?.status).toBe('rejected')
  const gone: RunEvent[] = [{ type: 'step.demanded', step, fields: ['x'] }, { ...failed, retryAt: 5 }, failed]
  expect(fold([...all, decided('approve'), ...gone], without).facts.get('q')?.status).toBe('failed')
})

it('[R85] a journal that begins anew at its first event folds as before', async () => {
  const all = await events()
  const [created] = all
  expect(statusOf(fold(created ? [...all, created] : []))).toBe('waiting')
})

it('[R53] a run that has begun nothing is queued, and one that works is running', async () => {
  const { runtime, lab, clock } = bench()
  gate(lab, 'r')
  const run = await runtime.start(graph({ r: ['remote'] }))
  expect((await run.view()).status).toBe('queued')
  await clock.pass(100)
  expect((await run.view()).status).toBe('running')
})

it('[R25] a step that asked for a lazy field waits for it, also when its journal is read', async () => {
  const { runtime, idle, storage } = bench()
  const run = await runtime.start(
    graph({ t: ['text'], q: ['review'], c: ['choice', { on: true }] }, [
      't.text > q.value',
      'q.value > c.yes',
    ]),
  )
  await idle(run)
  const state = fold((await storage.journal.read(run.id)).map(({ event }) => event))
  expect(starts(state)).toEqual(['wait'])
})

it('[R70] a revision that names no step, as a journal may hold it, only answers the review', async () => {
  const state = fold([
    ...(await events()),
    { type: 'review.decided', review: 'q/ok', decision: { kind: 'revise', feedback: '', by: 'x' }, at: 1 },
  ])
  expect(state.openReviews).toBe(0)
  expect(state.facts.get('p')?.round).toBe(1)
})
