import { expect, it } from 'vitest'
import { createCatalog } from '../../../runtime/catalog.ts'
import { defineNode } from '../../../runtime/define-node.ts'
import { field, output } from '../../../runtime/field.ts'
import type { Json } from '../../../runtime/values.ts'
import { bench, graph, statuses, stepOf } from '../../tools/engine.ts'
import { failing, labNodes } from '../../tools/nodes.ts'

const planned = { p: ['think', { request: 'a fox' }], d: ['draw', { seed: 7 }] } satisfies Parameters<
  typeof graph
>[0]

it('[R1] a wire wins over a value set in the node', async () => {
  const { run } = bench()
  const view = await run(
    graph({ a: ['text', { text: 'wire' }], b: ['shout', { text: 'set' }] }, ['a.text > b.text']),
  )
  expect(view.outputs).toEqual({ 'b.text': 'wire!' })
})

it('[R1] a value set in the node wins over what a plan fills, and a plan over the default', async () => {
  const { run } = bench()
  const view = await run(graph({ ...planned, d: ['draw', { seed: 7, prompt: 'mine' }] }, ['p.plan > d.plan']))
  expect(view.outputs).toEqual({ 'd.images': ['mine/20/7'] })
})

it('[R1] a plan fills the fields that nobody set', async () => {
  const { run } = bench()
  const view = await run(graph(planned, ['p.plan > d.plan']))
  expect(view.outputs).toEqual({ 'd.images': ['a fox/20/7'] })
})

const made = (plan: Json) =>
  defineNode({
    type: 'made',
    version: 1,
    title: 'Made',
    category: 'test',
    summary: 'A plan.',
    cache: 'always',
    fields: {},
    outputs: { plan: output.json() },
    run: () => ({ plan }),
    examples: [{ title: 'One', values: {}, check: () => {} }],
  })
const drawn = (plan: Json) => {
  const { run, lab } = bench({ catalog: createCatalog({ nodes: [...labNodes, made(plan)] }) })
  return { lab, view: run(graph({ p: ['made'], d: ['draw', { seed: 7 }] }, ['p.plan > d.plan'])) }
}

it('[R2] a null in a plan leaves the field to its default', async () => {
  expect((await drawn({ prompt: null, steps: null }).view).outputs).toEqual({ 'd.images': ['/8/7'] })
})

it('[R3] a single value wired into a list field becomes a list of one', async () => {
  const { run } = bench()
  const view = await run(graph({ a: ['text', { text: 'x' }], c: ['collect'] }, ['a.text > c.items']))
  expect(view.outputs).toEqual({ 'c.text': 'x' })
})

it('[R3] a number wired into a text field becomes text', async () => {
  const number = defineNode({
    type: 'number',
    version: 1,
    title: 'Number',
    category: 'test',
    summary: 'A number.',
    cache: 'always',
    fields: {},
    outputs: { number: output.number() },
    run: () => ({ number: 1.5 }),
    examples: [{ title: 'One', values: {}, outputs: { number: 1.5 } }],
  })
  const { run } = bench({ catalog: createCatalog({ nodes: [...labNodes, number] }) })
  const view = await run(graph({ n: ['number'], s: ['shout'] }, ['n.number > s.text']))
  expect(view.outputs).toEqual({ 's.text': '1.5!' })
})

it('[R4] a value that does not fit its field fails the step before the node runs, naming both', async () => {
  const { view, lab } = drawn({ steps: 900 })
  const { failure } = stepOf(await view, 'd')
  expect(failure).toMatchObject({
    class: 'invalid',
    code: 'bad-value',
    details: { node: 'd', field: 'steps' },
  })
  expect(failure?.message).toContain('"d": steps is 900')
  expect(lab.calls).toEqual([])
})

it('[R5] a named field takes values by name, typed and wired', async () => {
  const { run } = bench()
  const view = await run(
    graph({ a: ['text', { text: 'red' }], f: ['fill-in', { parts: { size: 'big', colour: 'blue' } }] }, [
      'a.text > f.parts.colour',
    ]),
  )
  expect(view.outputs).toEqual({ 'f.text': 'colour=red size=big' })
})

const faulty = (type: string, result: object) =>
  defineNode({
    type,
    version: 1,
    title: type,
    category: 'test',
    summary: 'Gives something wrong.',
    cache: 'always',
    fields: { text: field.text({ help: 'Any.', default: '' }) },
    outputs: { text: output.text(), list: output.list(output.text()) },
    run: () => result as { text: string; list: string[] },
    examples: [{ title: 'One', values: {}, check: () => {} }],
  })

it.each([
  ['lacks an output', { list: [] }, 'missing-output'],
  ['has a value of another kind', { text: 5, list: [] }, 'wrong-output'],
  ['has no list where one is declared', { text: 'a', list: 'b' }, 'wrong-output'],
])('[R6] a result that %s fails the step as a bug of its node type', async (_, result, code) => {
  const { run } = bench({ catalog: createCatalog({ nodes: [...labNodes, faulty('faulty', result)] }) })
  const { failure } = stepOf(await run(graph({ a: ['faulty'] })), 'a')
  expect(failure).toMatchObject({ class: 'bug', code })
})

it('[R7] a value beyond 8 KiB is a blob in the journal and comes back whole', async () => {
  const { run, storage } = bench()
  const view = await run(graph({ l: ['long', { length: 9000 }], s: ['shout'] }, ['l.text > s.text']))
  const done = (await storage.journal.read(view.id)).flatMap(({ event }) =>
    event.type === 'step.done' ? [event] : [],
  )
  expect(done.map(({ outputs }) => Object.keys(outputs.text ?? {}))).toEqual([['json'], ['json']])
  expect(stepOf(view, 's').outputs).toEqual({ text: `${'x'.repeat(9000)}!` })
})

it('[R7] a small value sits in the journal', async () => {
  const { run, storage } = bench()
  const view = await run(graph({ l: ['long', { length: 5 }] }))
  const done = (await storage.journal.read(view.id)).find(({ event }) => event.type === 'step.done')
  expect(done?.event).toMatchObject({ outputs: { text: { value: 'xxxxx' } } })
})

it('[R8] a choice that depends on nothing computed is made and recorded when the run is created', async () => {
  const { run, storage } = bench()
  const view = await run(graph({ d: ['draw', { prompt: 'four', seed: 1 }] }))
  expect((await storage.journal.read(view.id))[0]?.event).toMatchObject({
    resolved: { d: { values: { steps: 4 } } },
  })
  expect(view.outputs).toEqual({ 'd.images': ['four/4/1'] })
})

it('[R8] a choice that depends on a step is made when its inputs are there, and recorded before the attempt', async () => {
  const { run, storage } = bench()
  const view = await run(
    graph({ t: ['text', { text: 'threes' }], d: ['draw', { seed: 1 }] }, ['t.text > d.prompt']),
  )
  const types = (await storage.journal.read(view.id)).map(({ event }) => event.type)
  expect(types.indexOf('step.resolved')).toBeLessThan(types.lastIndexOf('step.started'))
  expect(view.outputs).toEqual({ 'd.images': ['threes/6/1'] })
})

it('[R9] a choice that was made is not made again by a retry', async () => {
  const { run, lab, storage } = bench()
  failing(lab, 'd', 'unreachable')
  const view = await run(
    graph({ t: ['text', { text: 'threes' }], d: ['draw', { seed: 1 }] }, ['t.text > d.prompt']),
  )
  const types = (await storage.journal.read(view.id)).map(({ event }) => event.type)
  expect(types.filter((type) => type === 'step.resolved')).toHaveLength(1)
  expect(statuses(view)).toEqual({ t: 'done', d: 'done' })
})
