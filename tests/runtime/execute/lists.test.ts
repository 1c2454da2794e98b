import { expect, it } from 'vitest'
import { bench, graph, statuses, stepOf } from '../../tools/engine.ts'
import { failing, gate } from '../../tools/nodes.ts'

const mapped = (text: string) => graph({ w: ['words', { text }], s: ['shout'] }, ['w.words > s.text'])

it('[R10] a list wired into a single field runs the node once per item, and its outputs become a list', async () => {
  const { run, lab } = bench()
  const view = await run(mapped('a b c'))
  expect(lab.calls).toEqual(['w', 's[0]', 's[1]', 's[2]'])
  expect(view.outputs).toEqual({ 's.text': ['a!', 'b!', 'c!'] })
})

it('[R10] outputs come in the order of the index, not of completion', async () => {
  const { run, lab, clock } = bench()
  lab.gates.set('s[0]', new Promise((resolve) => clock.after(500, () => resolve(0))))
  expect((await run(mapped('a b'))).outputs).toEqual({ 's.text': ['a!', 'b!'] })
})

it('[R11] an item goes on as soon as its own input is there, without waiting for the others', async () => {
  const { runtime, lab, clock, idle } = bench()
  const open = gate(lab, 's[0]')
  const workflow = graph({ w: ['words', { text: 'a b' }], s: ['shout'], t: ['shout'] }, [
    'w.words > s.text',
    's.text > t.text',
  ])
  const run = await runtime.start(workflow)
  await clock.pass(100)
  expect(lab.calls).toContain('t[1]')
  expect(lab.calls).not.toContain('t[0]')
  open()
  expect((await idle(run)).outputs).toEqual({ 't.text': ['a!!', 'b!!'] })
})

it('[R11] lists that go together pair up as far as both are known', async () => {
  const { runtime, lab, clock, idle } = bench()
  const open = gate(lab, 's[1]')
  const run = await runtime.start(
    graph({ w: ['words', { text: 'a b' }], v: ['words', { text: 'c d' }], s: ['shout'], j: ['join'] }, [
      'w.words > s.text',
      's.text > j.a',
      'v.words > j.b',
    ]),
  )
  await clock.pass(100)
  expect(lab.calls).toContain('j[0]')
  open()
  expect((await idle(run)).outputs).toEqual({ 'j.text': ['a!c', 'b!d'] })
})

const pairs = (a: string, b: string, lists?: 'combine') =>
  graph({ a: ['words', { text: a }], b: ['words', { text: b }], j: ['join', {}, { lists }] }, [
    'a.words > j.a',
    'b.words > j.b',
  ])

it('[R12] several lists go together by position', async () => {
  expect((await bench().run(pairs('a b', 'x y'))).outputs).toEqual({ 'j.text': ['ax', 'by'] })
})

it('[R12] a single value beside a list repeats', async () => {
  const workflow = graph({ a: ['words', { text: 'a b' }], t: ['text', { text: '?' }], j: ['join'] }, [
    'a.words > j.a',
    't.text > j.b',
  ])
  expect((await bench().run(workflow)).outputs).toEqual({ 'j.text': ['a?', 'b?'] })
})

it('[R13] lists of different lengths that go together fail the node, saying both lengths', async () => {
  const view = await bench().run(pairs('a b', 'x y z'))
  expect(view.status).toBe('failed')
  expect(stepOf(view, 'j').failure).toMatchObject({ class: 'invalid', code: 'unequal-lists' })
  expect(stepOf(view, 'j').failure?.message).toContain('"a" has 2, "b" has 3')
})

it('[R14] combined lists give every item with every other, the first list turning slowest', async () => {
  const view = await bench().run(pairs('a b', 'x y', 'combine'))
  expect(view.outputs).toEqual({ 'j.text': ['ax', 'ay', 'bx', 'by'] })
})

it('[R14] combined lists keep their order however they become known', async () => {
  const { run, lab, clock } = bench()
  for (const [at, step] of ['t[1]', 's[0]', 't[0]', 's[1]'].entries())
    lab.gates.set(step, new Promise((resolve) => clock.after(100 * (at + 1), () => resolve(0))))
  const nodes: Parameters<typeof graph>[0] = {
    a: ['words', { text: 'a b' }],
    b: ['words', { text: 'x y' }],
    s: ['shout'],
    t: ['shout'],
    j: ['join', {}, { lists: 'combine' }],
    c: ['words', { text: '1 2 3 4' }],
    k: ['join'],
  }
  const edges = [
    'a.words > s.text',
    'b.words > t.text',
    's.text > j.a',
    't.text > j.b',
    'j.text > k.a',
    'c.words > k.b',
  ]
  expect((await run(graph(nodes, edges))).outputs).toEqual({ 'k.text': ['a!x!1', 'a!y!2', 'b!x!3', 'b!y!4'] })
})

it('[R15] a list made by a mapped node is concatenated, and its items are named by paths', async () => {
  const { run, lab } = bench()
  const workflow = graph(
    { w: ['words', { text: 'a b' }], j: ['join', { b: ' x' }], v: ['words'], s: ['shout'] },
    ['w.words > j.a', 'j.text > v.text', 'v.words > s.text'],
  )
  const view = await run(workflow)
  expect(view.outputs).toEqual({ 's.text': ['a!', 'x!', 'b!', 'x!'] })
  expect(lab.calls).toContain('s[1.0]')
})

it('[R15] paths are ordered as numbers', async () => {
  const text = Array.from({ length: 12 }, (_, i) => `w${i}`).join(' ')
  const view = await bench().run(mapped(text))
  expect(view.steps.map(({ index }) => index)).toEqual([
    '',
    ...Array.from({ length: 12 }, (_, i) => String(i)),
  ])
})

it('[R16] an empty list runs nothing and gives an empty list', async () => {
  const { run, lab } = bench()
  const workflow = graph({ w: ['words'], s: ['shout'], c: ['collect'] }, [
    'w.words > s.text',
    's.text > c.items',
  ])
  const view = await run(workflow)
  expect(lab.calls).toEqual(['w', 'c'])
  expect(view.outputs).toEqual({ 'c.text': '' })
  expect(view.status).toBe('done')
})

it('[R17] a failed item skips only that item downstream', async () => {
  const { run, lab } = bench()
  failing(lab, 's[1]', 'invalid')
  const workflow = graph({ w: ['words', { text: 'a b c' }], s: ['shout'], t: ['shout'] }, [
    'w.words > s.text',
    's.text > t.text',
  ])
  const view = await run(workflow)
  expect(statuses(view)).toMatchObject({
    's[1]': 'failed',
    't[0]': 'done',
    't[1]': 'skipped',
    't[2]': 'done',
  })
  expect(view.outputs).toEqual({ 't.text': ['a!!', 'c!!'] })
})

const whole = (reader: string) =>
  graph({ w: ['words', { text: 'a b c' }], s: ['shout'], c: [reader] }, [
    'w.words > s.text',
    's.text > c.items',
  ])

it('[R18] a reader of the whole list is skipped when an item failed, and says why', async () => {
  const { run, lab } = bench()
  failing(lab, 's[1]', 'invalid')
  const step = stepOf(await run(whole('collect')), 'c')
  expect(step).toMatchObject({ status: 'skipped', reason: '"s[1]" failed.' })
})

it('[R18] a reader that takes parts gets those that are there', async () => {
  const { run, lab } = bench()
  failing(lab, 's[1]', 'invalid')
  expect((await run(whole('gather'))).outputs).toEqual({ 'c.text': 'a!,c!' })
})

it('[R19] an item that a node gives as failed acts as a failed mapped item', async () => {
  const view = await bench().run(mapped('a -b c'))
  expect(statuses(view)).toMatchObject({ w: 'done', 's[0]': 'done', 's[1]': 'skipped', 's[2]': 'done' })
  expect(stepOf(view, 'w').outputs).toEqual({ words: ['a', 'c'] })
})

it('[R20] items keep their labels through mapped steps', async () => {
  const view = await bench().run(pairs('apple bean', 'x y', 'combine'))
  expect(view.steps.filter(({ node }) => node === 'j').map(({ labels }) => labels)).toEqual([
    ['a', 'x'],
    ['a', 'y'],
    ['b', 'x'],
    ['b', 'y'],
  ])
})

it.each(['together', 'combine'] as const)(
  '[R21] what goes %s with a list that was never made is skipped, not called uneven',
  async (lists) => {
    const { run, lab } = bench()
    failing(lab, 'b', 'invalid')
    const workflow = graph(
      { a: ['words', { text: 'a b c' }], b: ['words', { text: 'x' }], j: ['join', {}, { lists }] },
      ['a.words > j.a', 'b.words > j.b'],
    )
    expect(statuses(await run(workflow))).toEqual({ a: 'done', b: 'failed', j: 'skipped' })
  },
)

it('[R21] what is mapped over a list that was never made is skipped as one step', async () => {
  const { run, lab } = bench()
  failing(lab, 'w', 'invalid')
  expect(statuses(await run(mapped('a b')))).toEqual({ w: 'failed', s: 'skipped' })
})

it('[R22] a type variable takes the whole list, so a review of a list is one review', async () => {
  const { run } = bench()
  const view = await run(graph({ w: ['words', { text: 'a b' }], r: ['review'] }, ['w.words > r.value']))
  expect(view.reviews.map(({ value, list }) => ({ value, list }))).toEqual([
    { value: ['a', 'b'], list: true },
  ])
})
