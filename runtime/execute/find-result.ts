import type { StoredOutputs } from '../run/events.ts'
import type { Step } from '../run/state.ts'
import { blobsIn } from '../values.ts'
import type { Made } from './env.ts'
import type { Prepared, StepHost } from './step-host.ts'

interface Found {
  made: Made
  from: 'cache' | { run: string }
}

/** A cache that cannot be read has nothing. */
export async function findResult(host: StepHost, step: Step, { key }: Prepared): Promise<Found | undefined> {
  if (step.node.plan.definition.cache === 'run') return findInRuns(host, step, key)
  const cached = await host.env.storage.results.get(key).catch(() => undefined)
  return cached && (await hasBlobs(host, cached.outputs)) ? { made: cached, from: 'cache' } : undefined
}

async function findInRuns(host: StepHost, step: Step, key: string): Promise<Found | undefined> {
  const own = host.state().results.get(key)
  if (own) return { made: own, from: 'cache' }
  if (step.fact.round > 1 && step.fact.feedback.length > 0) return undefined
  const before = await host.takeover()
  const result = before?.results.get(key)
  return before && result && (await hasBlobs(host, result.outputs))
    ? { made: result, from: { run: before.run } }
    : undefined
}

/** An entry whose pictures are gone is none. */
async function hasBlobs(host: StepHost, outputs: StoredOutputs): Promise<boolean> {
  for (const { blob } of blobsIn(outputs)) if (!(await host.env.storage.blobs.has(blob))) return false
  return true
}
