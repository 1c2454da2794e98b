import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineNode } from '../../runtime/define-node.ts'
import { field, output } from '../../runtime/field.ts'
import type { Storage } from '../../runtime/storage.ts'
import type { Workflow } from '../../runtime/workflow/schema.ts'
import { openStorage } from '../../server/storage/open-storage.ts'
import { graph, makeRuntime } from '../tools/engine.ts'

interface Measure {
  name: string
  value: number
  unit: string
  /** The value is to be at most (or, with `atLeast`, at least) this. */
  goal?: number
  atLeast?: boolean
}

/** Does nothing, by the ordinary door: validated, keyed, cached and journaled like any other node. */
const noop = defineNode({
  type: 'noop',
  version: 1,
  title: 'Nothing',
  category: 'bench',
  summary: 'Passes a number on.',
  fields: {
    value: field.integer({ help: 'What comes in.', default: 0 }),
    more: field.integer({ help: 'A second way in.', default: 0 }),
  },
  outputs: { value: output.integer() },
  cache: 'always',
  run: (_ctx, { value, more }) => ({ value: value + more + 1 }),
  examples: [{ title: 'counts', values: { value: 1 }, outputs: { value: 2 } }],
})

const sum = defineNode({
  type: 'sum',
  version: 1,
  title: 'Sum',
  category: 'bench',
  summary: 'Adds all that is wired in.',
  fields: { values: field.json({ help: 'Numbers.', named: true }) },
  outputs: { value: output.integer() },
  cache: 'always',
  run: (_ctx, { values }) => ({ value: Object.keys(values).length }),
  examples: [{ title: 'counts', values: { values: { a: 1 } }, outputs: { value: 1 } }],
})

type Nodes = Parameters<typeof graph>[0]
let fresh = 0

function chain(length: number): Workflow {
  const nodes: Nodes = { n0: ['noop', { value: fresh++ * 1_000_000 }] }
  const edges: string[] = []
  for (let i = 1; i < length; i++) {
    nodes[`n${i}`] = ['noop']
    edges.push(`n${i - 1}.value > n${i}.value`)
  }
  return graph(nodes, edges)
}

function fan(width: number): Workflow {
  const nodes: Nodes = { start: ['noop', { value: fresh++ * 1_000_000 }], end: ['sum'] }
  const edges: string[] = []
  for (let i = 0; i < width; i++) {
    nodes[`n${i}`] = ['noop', { more: i }]
    edges.push(`start.value > n${i}.value`, `n${i}.value > end.values.v${i}`)
  }
  return graph(nodes, edges)
}

/** Each node reads one or two earlier ones, chosen by a fixed sequence. */
function randomGraph(size: number): Workflow {
  let state = 42
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state % below
  }
  const nodes: Nodes = { n0: ['noop', { value: fresh++ * 1_000_000 }] }
  const edges: string[] = []
  for (let i = 1; i < size; i++) {
    nodes[`n${i}`] = ['noop', i % 3 === 0 ? {} : { more: i }]
    edges.push(`n${next(i)}.value > n${i}.value`)
    if (i % 3 === 0) edges.push(`n${next(i)}.value > n${i}.more`)
  }
  return graph(nodes, edges)
}

/** Milliseconds from handing the workflow over until the run is done; the best of `times`. */
async function timed(make: () => Workflow, times: number, storage?: Storage): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < times; i++) {
    const workflow = make()
    const runtime = makeRuntime([noop, sum], { storage, newId: () => `run-${fresh++}` })
    const begun = performance.now()
    const run = await runtime.start(workflow)
    await ended(run)
    best = Math.min(best, performance.now() - begun)
    await run.idle()
  }
  return best
}

/** Until the run ended, without the reading of all its steps that `idle` does. */
async function ended(run: Awaited<ReturnType<ReturnType<typeof makeRuntime>['start']>>): Promise<void> {
  const status = await new Promise<string>((resolve) => {
    run.listen((message) => {
      if ('event' in message && message.event.type === 'run.finished') resolve(message.event.status)
    })
  })
  if (status !== 'done') throw new Error(`the run ended as ${status}`)
}

async function inMemory(): Promise<Measure[]> {
  await timed(() => chain(1_000), 3)
  const shapes: [name: string, make: () => Workflow, nodes: number][] = [
    ['chain of 1,000', () => chain(1_000), 1_000],
    ['chain of 10,000', () => chain(10_000), 10_000],
    ['fan of 10,000', () => fan(10_000), 10_002],
    ['random graph of 10,000', () => randomGraph(10_000), 10_000],
  ]
  const measures: Measure[] = []
  for (const [name, make, nodes] of shapes) {
    const ms = await timed(make, 3)
    measures.push({
      name: `no-op nodes in memory, ${name}`,
      value: (ms * 1_000) / nodes,
      unit: 'µs/node',
      goal: 40,
    })
  }
  const [short, long] = measures
  if (short && long)
    measures.push({
      name: 'growth from 1,000 to 10,000, per node',
      value: long.value / short.value,
      unit: '×',
      goal: 1.25,
    })
  return measures
}

async function besidePeers(): Promise<Measure[]> {
  const peers: { rivetChain(n: number): Promise<number>; langGraphChain(n: number): Promise<number> } =
    await import(new URL('./peers.mjs', import.meta.url).href)
  const best = async (run: () => Promise<number>) => Math.min(await run(), await run())
  const ours = await timed(() => chain(500), 3)
  const rivet = await best(() => peers.rivetChain(500))
  const langGraph = await best(() => peers.langGraphChain(500))
  return [
    { name: 'chain of 500, Planograph', value: ours, unit: 'ms' },
    { name: 'chain of 500, Rivet', value: rivet / ours, unit: '× our time', goal: 10, atLeast: true },
    { name: 'chain of 500, LangGraph', value: langGraph / ours, unit: '× our time', goal: 10, atLeast: true },
  ]
}

async function onDisk(): Promise<Measure[]> {
  const home = await mkdtemp(join(tmpdir(), 'planograph-bench-'))
  try {
    const storage = await openStorage(home)
    const workflow = chain(1_000)
    const first = await timed(() => workflow, 1, storage)
    const again = await timed(() => workflow, 3, storage)
    await storage.close()
    return [
      { name: 'chain of 1,000 on SQLite, per step', value: first, unit: 'µs/step' },
      { name: 'cached run of 1,000 nodes on SQLite', value: again, unit: 'ms', goal: 150 },
    ]
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** What the engine costs beside the nodes' own work. */
export async function bench(): Promise<Measure[]> {
  return [...(await inMemory()), ...(await besidePeers()), ...(await onDisk())]
}
