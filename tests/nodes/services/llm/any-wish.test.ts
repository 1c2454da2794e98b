import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planned, revised, servers } from './planning.ts'

const said = [
  ...'a the red house cat dragon night dusk sea no without and but with in as make turn add remove replace it into'.split(
    ' ',
  ),
  ...[
    'very detailed',
    'slightly',
    'watercolour',
    'wide',
    '16:9',
    '30 steps',
    'cfg 4',
    '999 steps',
    '10x9',
    'four variations',
  ],
  ...[
    'more steps',
    'less saturated',
    'instead of',
    'use Euler a',
    'use the model x',
    'seed 5',
    'warmer',
    ',',
    '.',
    '(',
    '{}',
  ],
]
const wishes = fc.oneof(
  fc.array(fc.constantFrom(...said), { minLength: 1, maxLength: 14 }).map((words) => words.join(' ')),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
)

it('makes of any wish a plan that can be carried out, or says that nothing is left to paint', async () => {
  await fc.assert(
    fc.asyncProperty(
      wishes,
      fc.constantFrom(servers.demo, servers.sd, servers.flux, servers.plain),
      async (wish, server) => {
        const plan = await planned(server, wish).catch((error: Error) => error.message)
        if (typeof plan === 'string') expect(plan).toContain('The prompt is empty')
        else expect(plan.prompt.trim()).not.toBe('')
      },
    ),
    { numRuns: 400 },
  )
})

it('makes of any feedback a plan that can be carried out', async () => {
  await fc.assert(
    fc.asyncProperty(
      wishes,
      fc.constantFrom(servers.demo, servers.sd, servers.flux),
      async (feedback, server) => {
        const { after } = await revised(server, 'a red house on a hill', feedback)
        expect(after.by).toBe('rules, no LLM connected')
      },
    ),
    { numRuns: 400 },
  )
})

it.each(['no a ', 'in the style of ', 'very ', 'a, ', '((', 'replace it with '])(
  'reads long texts: %s…',
  async (piece) => {
    const plan = await planned(servers.sd, `a castle, ${piece.repeat(3000)}`)
    expect(plan.prompt).toMatch(/^a castle/)
  },
)
