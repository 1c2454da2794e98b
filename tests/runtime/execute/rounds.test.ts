import { expect, it } from 'vitest'
import type { RunHandle } from '../../../runtime/api.ts'
import { createCatalog } from '../../../runtime/catalog.ts'
import type { DecisionInput } from '../../../runtime/review.ts'
import type { Workflow } from '../../../runtime/workflow/schema.ts'
import { type Bench, bench, graph, refusal, statuses, stepOf } from '../../tools/engine.ts'
import { ask, failing, gate, labNodes, review } from '../../tools/nodes.ts'

/** A plan, its review, pictures and their review. */
const pictures = (draw: object = {}, more: Parameters<typeof graph>[0] = {}, edges: string[] = []) =>
  graph(
    {
      p: ['think', { request: 'fox' }],
      d: ['draw', { count: 3, ...draw }],
      q: ['review'],
      s: ['shout'],
      ...more,
    },
    ['p.plan > d.plan', 'd.images > q.value', 'q.value > s.text', ...edges],
  )

interface Waiting extends Bench {
  waits: RunHandle
  revise(
    decision: Omit<Extract<DecisionInput, { kind: 'revise' }>, 'kind'>,
    review?: string,
  ): Promise<Awaited<ReturnType<Bench['idle']>>>
}

async function waiting(workflow: Workflow = pictures()): Promise<Waiting> {
  const all = bench()
  const waits = await all.runtime.start(workflow)
  await all.idle(waits)
  all.lab.calls.length = 0
  return {
    ...all,
    waits,
    revise: async (decision, review = 'q/ok') => {
      await waits.decide(review, { kind: 'revise', ...decision })
      return all.idle(waits)
    },
  }
}

const images = (view: Awaited<ReturnType<Bench['idle']>>) => stepOf(view, 'd').outputs?.images as string[]

it('[R58] feedback gives a new round to the nearest step that reads it, and to all that comes after', async () => {
  const { revise, lab } = await waiting()
  const view = await revise({ feedback: 'at night' })
  expect(lab.calls).toEqual(['p#2', 'd#2', 'q#2'])
  expect(images(view)[0]).toMatch(/^fox; at night\/20\//)
  expect(view.reviews.map(({ id }) => id)).toContain('q#2/ok')
})

it('[R58] each round hears all the feedback so far', async () => {
  const { revise } = await waiting()
  await revise({ feedback: 'at night' })
  const view = await revise({ feedback: 'and snow' }, 'q#2/ok')
  expect(images(view)[0]).toMatch(/^fox; at night; and snow\//)
})

it('[R59] without feedback the nearest step that can draw again does, and nothing before it', async () => {
  const { revise, lab } = await waiting()
  await revise({})
  expect(lab.calls).toEqual(['d#2', 'q#2'])
})

it('[R60] a named step is done anew', async () => {
  const { revise, lab } = await waiting()
  await revise({ node: 'p' })
  expect(lab.calls[0]).toBe('p#2')
})

it('[R60] feedback never goes to a step that does not read it', async () => {
  const { waits } = await waiting()
  expect(
    await refusal(waits.decide('q/ok', { kind: 'revise', node: 'd', feedback: 'darker' })),
  ).toMatchObject({
    code: 'cannot-revise',
    message: '"d" can only draw again; it does not read feedback.',
  })
})

it('[R60] feedback with nobody to read it is refused, and says what can be done', async () => {
  const { waits } = await waiting(graph({ d: ['draw'], q: ['review'] }, ['d.images > q.value']))
  expect(await refusal(waits.decide('q/ok', { kind: 'revise', feedback: 'darker' }))).toMatchObject({
    message: 'Nothing before "q" reads feedback; "d" can only draw again.',
  })
})

it.each([
  ['is not before the review', 's', '"s" does not come before "q".'],
  ['cannot be done again', 't', '"t" cannot be done again.'],
])('[R60] a named step that %s is refused', async (_, node, message) => {
  const { waits } = await waiting(pictures({}, { t: ['text', { text: 'fox' }] }, ['t.text > p.request']))
  const error = await refusal(waits.decide('q/ok', { kind: 'revise', node }))
  expect(error.message).toBe(message)
  expect(error.hint).toContain('d, p')
})

it('[R70] a revision that reaches nothing is refused, and the review stays open', async () => {
  const { waits } = await waiting(graph({ t: ['text'], q: ['review'] }, ['t.text > q.value']))
  expect(await refusal(waits.decide('q/ok', { kind: 'revise' }))).toMatchObject({
    message: 'Nothing before "q" can be done again.',
  })
  expect((await waits.view()).status).toBe('waiting')
})

it('[R70] a step behind a lazy field that nobody asked for is not revised', async () => {
  const workflow = graph(
    { d: ['draw'], c: ['collect'], t: ['text'], k: ['choice', { on: false }], q: ['review'] },
    ['d.images > c.items', 'c.text > k.yes', 't.text > k.no', 'k.text > q.value'],
  )
  const { waits } = await waiting(workflow)
  expect(await refusal(waits.decide('q/ok', { kind: 'revise' }))).toMatchObject({ code: 'cannot-revise' })
})

it('[R61] items that are not named keep their outputs', async () => {
  const { revise, waits } = await waiting()
  const before = images(await waits.view())
  const after = images(await revise({ items: [1] }))
  expect([after[0], after[2]]).toEqual([before[0], before[2]])
  expect(after[1]).not.toBe(before[1])
})

it('[R61] of a mapped step only those that made the named items are done anew', async () => {
  const workflow = graph({ w: ['words', { text: 'a b c' }], d: ['draw'], q: ['review'] }, [
    'w.words > d.prompt',
    'd.images > q.value',
  ])
  const { revise, lab } = await waiting(workflow)
  await revise({ items: [1] })
  expect(lab.calls).toEqual(['d[1]#2', 'q#2'])
})

it('[R61] an item that is not there is refused', async () => {
  const { waits } = await waiting()
  expect(await refusal(waits.decide('q/ok', { kind: 'revise', items: [7] }))).toMatchObject({
    message: 'There is no item 7; there are 3, counted from 0.',
  })
})

it('[R61] items of what is no list are refused', async () => {
  const { waits } = await waiting(graph({ p: ['think'], q: ['review'] }, ['p.plan > q.value']))
  expect(await refusal(waits.decide('q/ok', { kind: 'revise', items: [0] }))).toMatchObject({
    code: 'cannot-revise',
  })
})

it('[R61] an item that cannot be traced to one piece of the named step is refused', async () => {
  const workflow = graph({ d: ['draw'], c: ['collect'], v: ['words'], q: ['review'] }, [
    'd.images > c.items',
    'c.text > v.text',
    'v.words > q.value',
  ])
  const { waits } = await waiting(workflow)
  expect(await refusal(waits.decide('q/ok', { kind: 'revise', items: [0], node: 'd' }))).toMatchObject({
    message: 'Item 0 cannot be traced to one piece of "d".',
  })
})

/** A plan that is reviewed while pictures are already made from it. */
async function early() {
  const all = bench()
  const open = gate(all.lab, 'd')
  const run = await all.runtime.start(
    graph({ p: ['think', { request: 'fox' }], q: ['review'], d: ['draw', { seed: 5 }] }, [
      'p.plan > q.value',
      'p.plan > d.plan',
    ]),
  )
  await all.clock.pass(100)
  return { ...all, run, open }
}

it('[R62] a running step after the revised one is aborted', async () => {
  const { run, lab, clock, idle } = await early()
  await clock.until(run.decide('q/ok', { kind: 'revise', feedback: 'night' }))
  expect(lab.signals.get('d')?.aborted).toBe(true)
  expect(images(await idle(run))).toEqual(['fox; night/20/5'])
})

it('[R62] the late result of an old round is dropped', async () => {
  const { run, open, clock, idle } = await early()
  const deciding = run.decide('q/ok', { kind: 'revise', feedback: 'night' })
  open()
  await clock.until(deciding)
  const view = await idle(run)
  expect(stepOf(view, 'd')).toMatchObject({ round: 2, outputs: { images: ['fox; night/20/5'] } })
})

it('[R63] what a new round leaves equal comes from the cache', async () => {
  const { revise, lab, waits } = await waiting(pictures({ seed: 5, prompt: 'mine' }))
  const before = images(await waits.view())
  const view = await revise({ feedback: 'night' })
  expect(lab.calls).toEqual(['p#2', 'q#2'])
  expect(stepOf(view, 'd')).toMatchObject({ status: 'cached', round: 2, outputs: { images: before } })
})

it('[R63] what counts within the run only is found again in a later round', async () => {
  const workflow = graph(
    {
      p: ['think', { request: 'fox' }],
      f: ['draw', { prompt: 'mine', seed: 1 }],
      t: ['think'],
      q: ['review'],
    },
    ['p.plan > f.plan', 'f.images > t.request', 't.plan > q.value'],
  )
  const { lab, revise } = await waiting(workflow)
  await revise({ node: 'p', feedback: 'night' })
  expect(lab.calls).toEqual(['p#2', 'q#2'])
})

it('[R64] a random seed is drawn anew for the revised step', async () => {
  const { revise, waits } = await waiting()
  const before = images(await waits.view())
  const after = images(await revise({}))
  expect(after[0]).not.toBe(before[0])
})

it('[R92] the seed of a new round is recorded, and a retry uses the same', async () => {
  const { revise, storage, waits, lab } = await waiting()
  failing(lab, 'd#2', 'unreachable')
  const [image] = images(await revise({}))
  const decided = (await storage.journal.read(waits.id)).flatMap(({ event }) =>
    event.type === 'review.decided' ? [event] : [],
  )
  expect(decided[0]?.anew).toEqual([
    { step: { node: 'd', index: '', round: 1 }, seed: Number(image?.split('/')[2]) },
  ])
})

it('[R64] a step after the revised one keeps its random seed', async () => {
  const { revise, waits } = await waiting()
  const [before] = images(await waits.view())
  const [after] = images(await revise({ feedback: 'x' }))
  expect(after?.split('/')[2]).toBe(before?.split('/')[2])
})

it('[R64] a seed that was set stays', async () => {
  const { revise, storage, waits } = await waiting(pictures({ seed: 5 }))
  const view = await revise({})
  expect(images(view)[0]).toBe('fox/20/5')
  const decided = (await storage.journal.read(waits.id)).find(({ event }) => event.type === 'review.decided')
  expect(decided?.event).toMatchObject({ anew: [{ step: { node: 'd', index: '', round: 1 } }] })
})

it('[R65] a review of an old round is superseded and cannot be answered', async () => {
  const { waits, revise } = await waiting(
    graph({ p: ['think', { request: 'fox' }], q: ['review'], r: ['review'] }, [
      'p.plan > q.value',
      'p.plan > r.value',
    ]),
  )
  const view = await revise({ feedback: 'x' })
  expect(view.reviews.filter(({ decision }) => !decision).map(({ id }) => id)).toEqual(['q#2/ok', 'r#2/ok'])
  expect(await refusal(waits.decide('r/ok', { kind: 'approve' }))).toMatchObject({ code: 'superseded' })
})

it('[R65] a run with superseded reviews ends when the new ones are answered', async () => {
  const { waits, revise, idle } = await waiting(
    graph({ p: ['think', { request: 'fox' }], q: ['review'], r: ['review'] }, [
      'p.plan > q.value',
      'p.plan > r.value',
    ]),
  )
  await revise({ feedback: 'x' })
  await waits.decide('q#2/ok', { kind: 'approve' })
  await waits.decide('r#2/ok', { kind: 'approve' })
  expect((await idle(waits)).status).toBe('done')
})

it('[R67] a decision that the review does not take is refused', async () => {
  const strict = {
    ...review,
    run: async (ctx: Parameters<typeof review.run>[0], values: Parameters<typeof review.run>[1]) => {
      await ctx.ask({
        id: 'ok',
        question: '?',
        value: values.value,
        kind: 'nothing',
        list: false,
        allow: ['approve', 'edit'],
      })
      return { value: values.value }
    },
  }
  const { runtime, idle } = bench({
    catalog: createCatalog({ nodes: labNodes.map((node) => (node.type === 'review' ? strict : node)) }),
  })
  const run = await runtime.start(graph({ t: ['text'], q: ['review'] }, ['t.text > q.value']))
  await idle(run)
  expect(await refusal(run.decide('q/ok', { kind: 'reject' }))).toMatchObject({
    code: 'not-allowed',
    hint: 'It takes: approve, edit.',
  })
  expect(await refusal(run.decide('q/ok', { kind: 'edit', value: 'x' }))).toMatchObject({ code: 'bad-edit' })
})

it('[R69] a review of one item sends back only what that item was made from', async () => {
  const { runtime, idle, lab } = bench({ catalog: createCatalog({ nodes: [...labNodes, ask] }) })
  const run = await runtime.start(
    graph({ w: ['words', { text: 'a b' }], p: ['think'], f: ['ask'] }, [
      'w.words > p.request',
      'p.plan > f.value',
    ]),
  )
  const view = await idle(run)
  expect(view.reviews.map(({ id }) => id)).toEqual(['f[0]/ok', 'f[1]/ok'])
  lab.calls.length = 0
  await run.decide('f[1]/ok', { kind: 'revise', feedback: 'x' })
  expect(statuses(await idle(run))).toMatchObject({ 'f[0]': 'waiting', 'f[1]': 'waiting' })
  expect(lab.calls).toEqual(['p[1]#2', 'f[1]#2'])
})
