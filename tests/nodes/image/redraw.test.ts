import { expect, it } from 'vitest'
import { createImages } from '../../../nodes/services/images/images.ts'
import { createOffline } from '../../../nodes/services/llm/offline/offline.ts'
import type { Services } from '../../../nodes/services/services.ts'
import type { Json } from '../../../runtime/values.ts'
import { programCatalog } from '../../../server/app/nodes.ts'
import { graph, makeRuntime } from '../../tools/engine.ts'
import { fakeBackend } from '../services/images/fake-backend.ts'

const small = { prompt: 'a cat', count: 3, width: 64, height: 64 }

function setUp() {
  const backend = fakeBackend()
  const offline = createOffline()
  const services: Services = {
    images: createImages({ backends: [backend] }),
    llm: { planner: offline, iterator: offline },
    files: { out: '/nowhere', allowPrivateUrls: false },
  }
  return { backend, runtime: makeRuntime([], { catalog: programCatalog(), services }) }
}

function seedsOf(outputs: { [name: string]: Json } | undefined): Json[] {
  const details = outputs?.details
  const seeds = typeof details === 'object' && details !== null && 'seeds' in details ? details.seeds : []
  return Array.isArray(seeds) ? seeds : []
}

it('paints anew only the pictures that a review sent back, with a new seed, and keeps the others', async () => {
  const { backend, runtime } = setUp()
  const run = await runtime.start(
    graph({ render: ['txt2img', small], look: ['review'] }, ['render.images > look.value']),
  )
  const first = await run.idle()
  const [review] = first.reviews
  const before = first.steps.find(({ node }) => node === 'render')?.outputs
  await run.decide(review?.id ?? '', { kind: 'revise', items: [1], feedback: '' })
  const view = await run.idle()
  const after = view.steps.find(({ node }) => node === 'render')
  expect(backend.asked).toHaveLength(4)
  const old = seedsOf(before)
  const seeds = seedsOf(after?.outputs)
  expect([seeds[0], seeds[2]]).toEqual([old[0], old[2]])
  expect(seeds[1]).toBe(backend.asked[3]?.seed)
  expect(seeds[1]).not.toBe(old[1])
  const [kept, , alsoKept] = [before?.images].flat()
  expect(after?.outputs?.images).toMatchObject([kept, {}, alsoKept])
  await runtime.close()
})

it('paints all of them anew when none is named', async () => {
  const { backend, runtime } = setUp()
  const run = await runtime.start(
    graph({ render: ['txt2img', small], look: ['review'] }, ['render.images > look.value']),
  )
  const [review] = (await run.idle()).reviews
  await run.decide(review?.id ?? '', { kind: 'revise', feedback: '' })
  await run.idle()
  expect(backend.asked).toHaveLength(6)
  await runtime.close()
})

it('lets a plan fill what is left open, and what is set hide it', async () => {
  const { backend, runtime } = setUp()
  const plan = { prompt: 'a dog', steps: 9, cfg: 4, width: 64, height: 64, count: 2 }
  const run = await runtime.start(
    graph({ plan: ['plan', plan], render: ['txt2img', { steps: 5 }] }, ['plan.plan > render.plan']),
  )
  const view = await run.idle()
  expect(view.status).toBe('done')
  expect(backend.asked).toHaveLength(2)
  expect(backend.asked[0]).toMatchObject({
    prompt: 'a dog',
    steps: 5,
    cfg: 4,
    width: 64,
    sampler: 'DPM++ 2M',
  })
  await runtime.close()
})
