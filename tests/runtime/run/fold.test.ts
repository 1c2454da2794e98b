import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RunView } from '../../../runtime/api.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import { comparePaths } from '../../../runtime/run/sequence.ts'
import { type Bench, bench, seededRandom } from '../../tools/engine.ts'
import { randomWorkflow } from '../../tools/random-workflow.ts'

/** A run of a random workflow: steps take random times, some fail, reviews are answered at random. */
async function lived(seed: number): Promise<{ view: RunView; all: Bench }> {
  const random = seededRandom(seed)
  const all = bench({ random })
  all.lab.behave = () => {
    const what = random()
    if (what < 0.1) throw new PlanographError(what < 0.05 ? 'invalid' : 'unreachable', 'so it is')
    return what < 0.5 ? undefined : new Promise((resolve) => all.clock.after(what * 1_000, resolve))
  }
  const run = await all.runtime.start(randomWorkflow(random))
  let view = await all.idle(run)
  for (let i = 0; i < 6 && view.status === 'waiting'; i++) {
    const open = view.reviews.find(({ decision }) => !decision)
    if (!open) break
    const what = random()
    const decision =
      what < 0.5
        ? { kind: 'approve' as const }
        : what < 0.6
          ? { kind: 'reject' as const }
          : { kind: 'revise' as const, feedback: what < 0.8 ? 'x' : '' }
    await all.clock.until(run.decide(open.id, decision)).catch(() => run.decide(open.id, { kind: 'approve' }))
    view = await all.idle(run)
  }
  return { view, all }
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 })

it('[R97] a run read from its journal is the run as it was lived', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const { view, all } = await lived(seed)
      expect(await all.process().runtime.view(view.id)).toEqual(view)
    }),
    { numRuns: 300 },
  )
})

it('[R97] every step has an outcome once a run has ended', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const { view } = await lived(seed)
      fc.pre(view.status !== 'waiting')
      for (const { status } of view.steps)
        expect(['done', 'cached', 'skipped', 'failed', 'rejected']).toContain(status)
    }),
    { numRuns: 100 },
  )
})

it('[R15] the order of paths is that of their numbers, and is an order', () => {
  const path = fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'))
  fc.assert(
    fc.property(path, path, path, (a, b, c) => {
      expect(Math.sign(comparePaths(a, b))).toBe(-Math.sign(comparePaths(b, a)) + 0)
      if (comparePaths(a, b) <= 0 && comparePaths(b, c) <= 0)
        expect(comparePaths(a, c)).toBeLessThanOrEqual(0)
      expect(comparePaths(a, b) === 0).toBe(a === b)
    }),
  )
})
