import { afterEach, describe, expect, it } from 'vitest'
import { createImages } from '../../../nodes/services/images/images.ts'
import { createOffline } from '../../../nodes/services/llm/offline/offline.ts'
import type { CompleteRequest, LlmProvider } from '../../../nodes/services/llm/provider.ts'
import type { Services } from '../../../nodes/services/services.ts'
import type { RunView } from '../../../runtime/api.ts'
import { programCatalog } from '../../../server/app/nodes.ts'
import { graph, makeRuntime } from '../../tools/engine.ts'
import { fakeBackend } from '../services/images/fake-backend.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** The rules, remembering what they were asked. */
function listening(): LlmProvider & { tasks: CompleteRequest<unknown>['task'][] } {
  const offline = createOffline()
  const tasks: CompleteRequest<unknown>['task'][] = []
  return {
    ...offline,
    tasks,
    complete: (request, options) => {
      tasks.push(request.task)
      return offline.complete(request, options)
    },
  }
}

function setUp() {
  const [planner, iterator] = [listening(), listening()]
  const services: Services = {
    images: createImages({ backends: [fakeBackend()] }),
    llm: { planner, iterator },
    files: { out: '/nowhere', allowPrivateUrls: false },
  }
  const runtime = makeRuntime([], { catalog: programCatalog(), services })
  closing.push(() => runtime.close())
  return { runtime, planner, iterator }
}

const openReview = (view: RunView) => view.reviews.find(({ decision }) => decision === undefined)?.id ?? ''
const planned = graph({ plan: ['llm-plan', { request: 'a red house on a hill by day' }], ok: ['review'] }, [
  'plan.plan > ok.value',
])
const textReview = (values: object = {}) =>
  graph({ words: ['text-list', { text: 'a\nb\nc' }], look: ['review', values] }, ['words.texts > look.value'])

describe('LLM plan', () => {
  it('plans with the planner, and revises with the iterator when a review sends it back', async () => {
    const { runtime, planner, iterator } = setUp()
    const run = await runtime.start(planned)
    const first = await run.idle()
    expect(first.reviews).toMatchObject([
      { kind: 'plan', list: false, value: { prompt: 'a red house on a hill by day' } },
    ])
    await run.decide(openReview(first), { kind: 'revise', feedback: 'make it night, more steps' })
    const second = await run.idle()
    await run.decide(openReview(second), { kind: 'revise', feedback: 'four variations' })
    const third = await run.idle()
    expect(planner.tasks).toEqual(['plan'])
    expect(iterator.tasks).toEqual(['revise', 'revise'])
    const plan = third.reviews.at(-1)?.value
    expect(plan).toMatchObject({ prompt: 'a red house on a hill, at night', steps: 30, count: 4 })
  })

  it('follows what is wired into it', async () => {
    const { runtime } = setUp()
    const view = await (
      await runtime.start(
        graph(
          {
            first: ['txt2img', { prompt: 'a red house', seed: 1 }],
            edit: ['llm-plan', { request: 'make it night' }],
            fill: ['llm-plan', { request: 'a blue door' }],
            area: ['mask-shape', {}],
          },
          [
            'first.images > edit.image',
            'first.images > fill.image',
            'first.images > area.image',
            'area.mask > fill.mask',
          ],
        ),
      )
    ).idle()
    const planOf = (node: string) => view.steps.find((step) => step.node === node)?.outputs?.plan
    expect(planOf('edit')).toMatchObject({ intent: 'img2img', prompt: 'a red house, at night', denoise: 0.6 })
    expect(planOf('fill')).toMatchObject({ intent: 'inpaint', prompt: 'a blue door', denoise: 0.75 })
  })
})

describe('a review', () => {
  it('passes on what was approved, whole lists included', async () => {
    const { runtime } = setUp()
    const run = await runtime.start(textReview())
    const waiting = await run.idle()
    expect(waiting.reviews).toMatchObject([{ kind: 'text', list: true, value: ['a', 'b', 'c'] }])
    await run.decide(openReview(waiting), { kind: 'approve' })
    expect((await run.idle()).outputs).toEqual({ 'look.value': ['a', 'b', 'c'] })
  })

  it('passes on what was picked', async () => {
    const { runtime } = setUp()
    const run = await runtime.start(textReview())
    await run.decide(openReview(await run.idle()), { kind: 'pick', items: [2, 0] })
    expect((await run.idle()).outputs).toEqual({ 'look.value': ['c', 'a'] })
  })

  it('passes on what was edited', async () => {
    const { runtime } = setUp()
    const run = await runtime.start(
      graph({ word: ['prompt', { text: 'a' }], look: ['review'] }, ['word.text > look.value']),
    )
    await run.decide(openReview(await run.idle()), { kind: 'edit', value: 'b' })
    expect((await run.idle()).outputs).toEqual({ 'look.value': 'b' })
  })

  it('ends as rejected, and so does the run', async () => {
    const { runtime } = setUp()
    const run = await runtime.start(textReview())
    await run.decide(openReview(await run.idle()), { kind: 'reject' })
    expect((await run.idle()).status).toBe('rejected')
  })

  it('offers picking for lists only, and only what it allows', async () => {
    const { runtime } = setUp()
    const single = graph({ word: ['prompt', { text: 'a' }], look: ['review'] }, ['word.text > look.value'])
    expect((await (await runtime.start(single)).idle()).reviews[0]?.allow).toEqual([
      'approve',
      'edit',
      'revise',
      'reject',
    ])
    const narrow = textReview({ allow: ['pick', 'reject'] })
    expect((await (await runtime.start(narrow)).idle()).reviews[0]?.allow).toEqual(['pick', 'reject'])
  })

  it('says whom it asks, until when, and what happens then', async () => {
    const { runtime } = setUp()
    const values = { ask: 'Fine?', assignee: 'Ada', timeout: '1 h 30 min', onTimeout: 'approve' }
    const [review] = (await (await runtime.start(textReview(values))).idle()).reviews
    expect(review).toMatchObject({ question: 'Fine?', assignee: 'Ada', onDue: 'approve' })
    expect((review?.dueAt ?? 0) - (review?.openedAt ?? 0)).toBe(90 * 60_000)
  })
})
