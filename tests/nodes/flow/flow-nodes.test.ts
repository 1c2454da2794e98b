import { afterAll, describe, expect, it } from 'vitest'
import { createImages } from '../../../nodes/services/images/images.ts'
import { createOffline } from '../../../nodes/services/llm/offline/offline.ts'
import type { Services } from '../../../nodes/services/services.ts'
import { programCatalog } from '../../../server/app/nodes.ts'
import { graph, makeRuntime } from '../../tools/engine.ts'
import { fakeBackend } from '../services/images/fake-backend.ts'

const offline = createOffline()
const services: Services = {
  images: createImages({ backends: [fakeBackend()] }),
  llm: { planner: offline, iterator: offline },
  files: { out: '/nowhere', allowPrivateUrls: false },
}
const runtime = makeRuntime([], { catalog: programCatalog(), services })
afterAll(() => runtime.close())

const run = async (...made: Parameters<typeof graph>) => (await runtime.start(graph(...made))).idle()

describe('switch', () => {
  const branches = (on: boolean) =>
    run(
      {
        a: ['prompt', { text: 'cat' }],
        b: ['template', { template: '{missing}' }],
        take: ['switch', { on }],
      },
      ['a.text > take.a', 'b.text > take.b'],
    )

  it('computes only the branch that it takes', async () => {
    const view = await branches(true)
    expect(view.status).toBe('done')
    expect(view.outputs).toEqual({ 'take.value': 'cat' })
    expect(view.steps.find(({ node }) => node === 'b')?.status).not.toBe('failed')
  })

  it('fails with the branch that it takes', async () => {
    expect((await branches(false)).steps.find(({ node }) => node === 'b')?.status).toBe('failed')
  })
})

describe('collect', () => {
  it('joins values in the order of their names, for a node that runs once for each', async () => {
    const view = await run(
      {
        one: ['prompt', { text: 'cat' }],
        two: ['prompt', { text: 'dog' }],
        all: ['collect'],
        each: ['prompt', { after: 'at night' }],
      },
      ['one.text > all.items.10', 'two.text > all.items.9', 'all.list > each.text'],
    )
    expect(view.outputs).toEqual({ 'each.text': ['dog, at night', 'cat, at night'] })
  })

  it('joins whole lists', async () => {
    const view = await run(
      { some: ['text-list', { text: 'a\nb' }], more: ['text-list', { text: 'c' }], all: ['collect'] },
      ['some.texts > all.items.1', 'more.texts > all.items.2'],
    )
    expect(view.outputs).toEqual({ 'all.list': ['a', 'b', 'c'] })
  })
})

describe('choose', () => {
  it('reads the whole list and asks nobody', async () => {
    const view = await run(
      { words: ['text-list', { text: 'a\nb\nc\nd' }], some: ['choose', { which: 'last, 0-1' }] },
      ['words.texts > some.list'],
    )
    expect(view.reviews).toEqual([])
    expect(view.outputs).toEqual({ 'some.items': ['d', 'a', 'b'] })
  })
})

describe('template', () => {
  it('makes one text per item of a wired list', async () => {
    const view = await run(
      {
        colours: ['text-list', { text: 'red\nblue' }],
        text: ['template', { template: 'a {colour} cat', words: {} }],
      },
      ['colours.texts > text.words.colour'],
    )
    expect(view.outputs).toEqual({ 'text.text': ['a red cat', 'a blue cat'] })
  })
})

describe('numbers and sizes', () => {
  it('go into the fields of a painting node', async () => {
    const view = await run(
      {
        steps: ['number', { value: 12.4 }],
        size: ['size', { width: 128, height: 64, swap: true }],
        render: ['txt2img', { prompt: 'a cat', seed: 1 }],
      },
      ['steps.value > render.steps', 'size.width > render.width', 'size.height > render.height'],
    )
    expect(view.steps.find(({ node }) => node === 'render')?.outputs?.details).toMatchObject({
      steps: 12,
      width: 64,
      height: 128,
    })
  })
})
