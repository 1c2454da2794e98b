import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noised, predictedLatents } from '../../../../nodes/services/images/embedded/prediction.ts'
import { samplers } from '../../../../nodes/services/images/embedded/samplers.ts'
import { lastPart, type Schedule, type Step } from '../../../../nodes/services/images/embedded/schedule.ts'
import { SchedulerConfig } from '../../../../nodes/services/images/embedded/scheduler-config.ts'

const Golden = z.object({
  configs: z.record(z.string(), z.record(z.string(), z.json())),
  cases: z.array(
    z.object({
      sampler: z.string(),
      config: z.string(),
      steps: z.int(),
      strength: z.number(),
      timesteps: z.array(z.number()),
      trajectory: z.array(z.array(z.number())),
      sigmas: z.array(z.number()).optional(),
    }),
  ),
})
type Case = z.infer<typeof Golden>['cases'][number]

const golden = Golden.parse(
  JSON.parse(readFileSync(new URL('../../../golden/embedded/schedulers.json', import.meta.url), 'utf8')),
)
const size = 12

const draw = (block: number) =>
  Float32Array.from(
    { length: size },
    (_, i) => Math.SQRT2 * Math.sin(12.9898 * (i + 1) + 78.233 * (block + 1)),
  )
const unet = (sample: Float32Array, timestep: number) =>
  sample.map((value) => 0.8 * Math.sin(1.3 * value + 0.01 * timestep) + 0.1 * value)

function prepare(example: Case) {
  const karras = example.sampler.endsWith(' Karras')
  const sampler = samplers.find(({ label }) => label === example.sampler.replace(' Karras', ''))
  if (!sampler) throw new Error(`no sampler ${example.sampler}`)
  const config = SchedulerConfig.parse(golden.configs[example.config])
  return {
    sampler,
    config,
    schedule: lastPart(sampler.schedule(config, example.steps, karras), example.strength),
  }
}

function trajectory(example: Case): Float32Array[] {
  const { sampler, config, schedule } = prepare(example)
  let block = 0
  let before: { predicted: Float32Array; step: Step } | undefined
  let sample = first(example, schedule)
  const seen = [sample]
  for (const step of schedule.steps) {
    const output = unet(sample, step.timestep)
    const predicted = predictedLatents(config.prediction_type, output, sample, step.from)
    sample = sampler.next({ step, sample, predicted, before, noise: () => draw(++block) }, config)
    before = { predicted, step }
    seen.push(sample)
  }
  return seen
}

function first(example: Case, schedule: Schedule): Float32Array {
  const step = schedule.steps[0]
  if (!step) throw new Error('no steps')
  const latents = Float32Array.from({ length: size }, (_, i) => Math.cos(i))
  if (example.strength < 1) return noised(latents, draw(0), step.from)
  return draw(0).map((value) => value * schedule.start)
}

function largestDifference(ours: ArrayLike<number>[], theirs: number[][]): number {
  return Math.max(
    ...theirs.flatMap((row, i) => row.map((value, j) => Math.abs(value - (ours[i]?.[j] ?? Number.NaN)))),
  )
}

describe.each(golden.cases)('$sampler of "$config" in $steps steps at strength $strength', (example) => {
  it('steps through the timesteps of diffusers', () => {
    const ours = prepare(example).schedule.steps.map((step) => step.timestep)
    expect(largestDifference([ours], [example.timesteps])).toBeLessThanOrEqual(1e-3)
  })

  it('has the noise levels of diffusers', () => {
    const ours = prepare(example).schedule.steps.map(({ from }) => from.sigma / from.alpha)
    for (const [index, sigma] of (example.sigmas ?? []).slice(0, ours.length).entries())
      expect(Math.abs((ours[index] ?? 0) - sigma) / Math.max(1, sigma)).toBeLessThanOrEqual(1e-4)
  })

  it('goes the way of diffusers to within 1e-4', () => {
    expect(largestDifference(trajectory(example), example.trajectory)).toBeLessThanOrEqual(1e-4)
  })
})
