import { expect, it } from 'vitest'
import { bench, graph, stepOf } from '../../tools/engine.ts'

const seeds = (images: unknown) => (images as string[]).map((image) => image.split('/')[2])
const drawn = async (values: object) => {
  const { run, storage } = bench()
  const view = await run(graph({ d: ['draw', { prompt: 'x', ...values }] }))
  const created = (await storage.journal.read(view.id))[0]?.event
  const recorded = created?.type === 'run.created' ? created.seeds : {}
  return { seeds: seeds(view.outputs['d.images']), recorded }
}

it('[R104] a random seed is drawn when the run is created, and recorded', async () => {
  const result = await drawn({})
  expect(result.recorded.d).toBeTypeOf('number')
  expect(result.seeds).toEqual([String(result.recorded.d)])
})

it('[R104] random seeds go from 0 to 2^32 − 1', async () => {
  for (const [random, seed] of [
    [0, 0],
    [1 - Number.EPSILON / 2, 2 ** 32 - 1],
  ] as const) {
    const { run } = bench({ random: () => random })
    expect(seeds((await run(graph({ d: ['draw'] }))).outputs['d.images'])).toEqual([String(seed)])
  }
})

it('[R105] −1 is random', async () => {
  const result = await drawn({ seed: -1 })
  expect(result.seeds).toEqual([String(result.recorded.d)])
})

it('[R105] a seed that is set is used and none is drawn', async () => {
  expect(await drawn({ seed: 0 })).toEqual({ seeds: ['0'], recorded: {} })
})

it('[R106] seeds of 64 bits are kept digit for digit', async () => {
  const { seeds } = await drawn({ seed: '18446744073709551614', count: 2 })
  expect(seeds).toEqual(['18446744073709551614', '18446744073709551615'])
})

it('[R106] a seed at the edge of exact numbers is counted on exactly', async () => {
  const { seeds } = await drawn({ seed: Number.MAX_SAFE_INTEGER, count: 3 })
  expect(seeds).toEqual(['9007199254740991', '9007199254740992', '9007199254740993'])
})

it('[R107] picture i has the seed + i', async () => {
  expect((await drawn({ seed: 100, count: 3 })).seeds).toEqual(['100', '101', '102'])
})

it('[R107] item k of a mapped node has the seed + k · count', async () => {
  const { run } = bench()
  const view = await run(
    graph({ w: ['words', { text: 'a b c' }], d: ['draw', { seed: 10, count: 2 }] }, ['w.words > d.prompt']),
  )
  expect(seeds(view.outputs['d.images'])).toEqual(['10', '11', '12', '13', '14', '15'])
})

it('[R107] items of combined lists are counted in their order', async () => {
  const { run } = bench()
  const workflow = graph(
    {
      w: ['words', { text: 'a b' }],
      n: ['numbers', { numbers: [1, 2] }],
      d: ['draw', { seed: 10 }, { lists: 'combine' }],
    },
    ['w.words > d.prompt', 'n.numbers > d.steps'],
  )
  const view = await run(workflow)
  expect(view.outputs['d.images']).toEqual(['a/1/10', 'a/2/11', 'b/1/12', 'b/2/13'])
})

it('[R108] a wired list of seeds is used as given', async () => {
  const { run } = bench()
  const view = await run(
    graph({ n: ['numbers', { numbers: [5, 9, 2] }], d: ['draw', { prompt: 'x' }] }, ['n.numbers > d.seed']),
  )
  expect(seeds(view.outputs['d.images'])).toEqual(['5', '9', '2'])
})

it('[R108] a wired −1 is random', async () => {
  const { run } = bench()
  const view = await run(graph({ n: ['numbers', { numbers: [-1] }], d: ['draw'] }, ['n.numbers > d.seed']))
  expect(Number(seeds(stepOf(view, 'd[0]').outputs?.images)[0])).toBeGreaterThan(0)
})
