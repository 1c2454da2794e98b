import { expect, it } from 'vitest'
import { bench, graph, refusal, statuses } from '../../tools/engine.ts'

it('[R26] a bypassed node passes on what is wired into its field of the same kind', async () => {
  const { run, lab } = bench()
  const workflow = graph({ a: ['text', { text: 'x' }], b: ['shout', {}, { mode: 'bypass' }], c: ['shout'] }, [
    'a.text > b.text',
    'b.text > c.text',
  ])
  expect((await run(workflow)).outputs).toEqual({ 'c.text': 'x!' })
  expect(lab.calls).toEqual(['a', 'c'])
})

it('[R27] a muted node does not run, and neither does what needs it', async () => {
  const { run, lab } = bench()
  const workflow = graph(
    { a: ['text', { text: 'x' }, { mode: 'mute' }], b: ['shout'], c: ['text', { text: 'y' }] },
    ['a.text > b.text'],
  )
  expect(statuses(await run(workflow))).toEqual({ c: 'done' })
  expect(lab.calls).toEqual(['c'])
})

it('[R27] what can do without the muted node runs', async () => {
  const { run } = bench()
  const workflow = graph({ a: ['text', { text: 'x' }, { mode: 'mute' }], b: ['join', { a: 'y' }] }, [
    'a.text > b.b',
  ])
  expect((await run(workflow)).outputs).toEqual({ 'b.text': 'y' })
})

const fork = { a: ['text', { text: 'x' }], b: ['shout'], c: ['shout'], s: ['save'] } satisfies Parameters<
  typeof graph
>[0]

it('[R28] with declared outputs and sinks only what they need runs', async () => {
  const { run } = bench()
  const workflow = graph(fork, ['a.text > b.text', 'a.text > c.text', 'a.text > s.text'], {
    outputs: { out: { from: 'b.text' } },
  })
  const view = await run(workflow)
  expect(statuses(view)).toEqual({ a: 'done', b: 'done', s: 'done' })
  expect(view.outputs).toEqual({ out: 'x!' })
})

it('[R28] without declared outputs and sinks every leaf runs, each once however many read it', async () => {
  const { run, lab } = bench()
  const view = await run(
    graph({ a: ['text', { text: 'x' }], b: ['shout'], c: ['shout', {}] }, [
      'a.text > b.text',
      'a.text > c.text',
    ]),
  )
  expect(view.outputs).toEqual({ 'b.text': 'x!', 'c.text': 'x!' })
  expect(lab.calls.filter((name) => name === 'a')).toHaveLength(1)
})

it('[R29] run until a node runs only what it needs and gives its outputs', async () => {
  const { run } = bench()
  const view = await run(graph(fork, ['a.text > b.text', 'b.text > c.text', 'c.text > s.text']), {
    until: ['b'],
  })
  expect(statuses(view)).toEqual({ a: 'done', b: 'done' })
  expect(view.outputs).toEqual({ 'b.text': 'x!' })
})

it('[R29] run until several nodes runs what any of them needs', async () => {
  const { run } = bench()
  const view = await run(graph(fork, ['a.text > b.text', 'a.text > c.text']), { until: ['b', 'c'] })
  expect(Object.keys(statuses(view))).toEqual(['a', 'b', 'c'])
})

it('[R29] an empty list of nodes to run until means the usual ones', async () => {
  const { run } = bench()
  expect(statuses(await run(graph({ a: ['text'] }), { until: [] }))).toEqual({ a: 'done' })
})

it('[R30] an unknown node to run until is refused, naming those that exist', async () => {
  const error = await refusal(
    bench().runtime.start(graph(fork, ['a.text > b.text', 'a.text > c.text']), { until: ['zebra'] }),
  )
  expect(error).toMatchObject({ class: 'invalid', code: 'unknown-target' })
  expect(error.hint).toContain('a, s, b, c')
})

it('[R31] a workflow with nothing to run is refused and not run silently', async () => {
  const error = await refusal(bench().runtime.start(graph({ a: ['text', {}, { mode: 'mute' }] })))
  expect(error.class).toBe('invalid')
  expect(error.message).toMatch(/nothing to run/i)
})

it('[R32] a broken workflow is refused with all its problems at once, and no run is kept', async () => {
  const { runtime, storage } = bench()
  const workflow = graph({ a: ['text'], b: ['shout'], c: ['unknown'], d: ['shout'], e: ['shout'] }, [
    'a.nothing > b.text',
    'd.text > e.text',
    'e.text > d.text',
  ])
  const error = await refusal(runtime.start(workflow))
  const { problems } = error.details as { problems: { code: string }[] }
  expect(new Set(problems.map(({ code }) => code))).toEqual(
    new Set(['unknown-type', 'unknown-output', 'cycle', 'missing-field']),
  )
  expect(await storage.journal.list()).toEqual([])
})

it('[R32] a refused workflow leaves the runtime as it was', async () => {
  const { runtime, run } = bench()
  await refusal(runtime.start(graph({ c: ['unknown'] })))
  expect((await run(graph({ a: ['text'] }))).status).toBe('done')
})
