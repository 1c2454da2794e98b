import { expect, it } from 'vitest'
import { simulate } from './simulate.ts'

/** Runs one seed again: SIMULATION_SEED=123 npx vitest run tests/runtime/simulation */
const only = process.env.SIMULATION_SEED
const seeds = Number(process.env.SIMULATION_SEEDS ?? 2_000)

it('[R85] [R87] [R88] [R89] [R92] [R97] all promises hold in simulated runs with crashes, sleeping processes and an unreliable storage', {
  timeout: 600_000,
}, async () => {
  const all = only === undefined ? Array.from({ length: seeds }, (_, i) => i + 1) : [Number(only)]
  const seen = { crashes: 0, faults: 0, statuses: new Set<string>() }
  for (const seed of all) {
    const { crashes, faults, view } = await simulate(seed).catch((error: unknown) => {
      throw new Error(
        `Seed ${seed}: ${error instanceof Error ? error.message : error}\nAgain with SIMULATION_SEED=${seed}`,
        { cause: error },
      )
    })
    seen.crashes += crashes
    seen.faults += faults
    seen.statuses.add(view.status)
  }
  if (all.length < 1_000) return
  expect(seen.crashes).toBeGreaterThan(seeds / 4)
  expect(seen.faults).toBeGreaterThan(seeds)
  expect(seen.statuses).toEqual(new Set(['done', 'failed', 'rejected', 'cancelled']))
})
