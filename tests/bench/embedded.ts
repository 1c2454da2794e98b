import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import type { GenerateRequest } from '../../nodes/services/images/backend.ts'
import { createEmbedded, type EmbeddedBackend } from '../../nodes/services/images/embedded/embedded.ts'

export interface Row {
  name: string
  value: number
  unit: string
  /** At most this. */
  goal?: number
}

const folder = fileURLToPath(new URL('../../models/planograph-demo', import.meta.url))
const script = fileURLToPath(new URL('../tools/golden-pipeline.py', import.meta.url))
const RUNS = 5
const LAG_RESOLUTION = 5
const MEGABYTE = 1_000_000

const request = (id: string): GenerateRequest => ({
  kind: 'txt2img',
  id,
  model: 'planograph-demo',
  prompt: 'a red house on a hill at dusk',
  seed: 1,
  steps: 20,
  cfg: 3,
  sampler: 'DDIM',
})

/**
 * The demo model at 256×256, 20 steps with guidance, from request to PNG, median of five after one to warm up. With
 * `PLANOGRAPH_PYTHON` naming a Python that has diffusers and onnxruntime, their time on the same files is added.
 */
export async function bench(): Promise<Row[]> {
  const backend = createEmbedded({ models: [folder] })
  try {
    const first = await timed(backend, 'first')
    const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION })
    lag.enable()
    const runs: Awaited<ReturnType<typeof timed>>[] = []
    for (let run = 0; run < RUNS; run++) runs.push(await timed(backend, `run-${run}`))
    lag.disable()
    const child = (await backend.memory())?.peak ?? 0
    const own = process.resourceUsage().maxRSS * 1024
    const seconds = median(runs.map(({ total }) => total)) / 1000
    return [
      { name: 'demo model, first picture, model loaded', value: first.total / 1000, unit: 's' },
      { name: 'demo model, 256×256, 20 steps with guidance', value: seconds, unit: 's', goal: 5 },
      { name: 'time outside ONNX Runtime', value: median(runs.map(outside)) * 100, unit: '%', goal: 5 },
      {
        name: 'event-loop lag of the parent, p99',
        value: Math.max(0, lag.percentile(99) / 1e6 - LAG_RESOLUTION),
        unit: 'ms',
        goal: 50,
      },
      { name: 'peak memory of child and parent', value: (child + own) / MEGABYTE, unit: 'MB', goal: 600 },
      ...(await diffusers(seconds)),
    ]
  } finally {
    await backend.close()
  }
}

async function timed(backend: EmbeddedBackend, id: string): Promise<{ total: number; onnx: number }> {
  for await (const event of backend.generate(request(id))) if (event.type === 'done') break
  return backend.lastTimes ?? { total: Number.NaN, onnx: Number.NaN }
}

const outside = ({ total, onnx }: { total: number; onnx: number }): number => 1 - onnx / total

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function diffusers(ours: number): Promise<Row[]> {
  const python = process.env.PLANOGRAPH_PYTHON
  if (!python) return []
  const out = await mkdtemp(join(tmpdir(), 'planograph-bench-'))
  try {
    const cases = join(out, 'cases.json')
    const { prompt, seed, steps, cfg, sampler } = request('diffusers')
    writeFileSync(
      cases,
      JSON.stringify([{ name: 'picture', prompt, negative: '', seed, steps, cfg, sampler, repeat: RUNS }]),
    )
    const { stdout, stderr } = spawnSync(python, [script, folder, out, cases], { encoding: 'utf8' })
    const seconds = Number(/([\d.]+) s/.exec(stdout)?.[1] ?? Number.NaN)
    if (Number.isNaN(seconds)) throw new Error(`diffusers could not be run: ${stderr}`)
    return [
      { name: 'the same by diffusers and onnxruntime', value: seconds, unit: 's' },
      { name: 'ours, relative to it', value: ours / seconds, unit: '×' },
    ]
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}
