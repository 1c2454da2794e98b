import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunHandle, Runtime } from '../../../runtime/api.ts'
import { createCatalog } from '../../../runtime/catalog.ts'
import { createRuntime } from '../../../runtime/execute/runtime.ts'
import { stepName } from '../../../runtime/run/events.ts'
import type { Workflow } from '../../../runtime/workflow/schema.ts'
import { isAlive, thisProcess } from '../../../server/storage/holder.ts'
import { type HomeStorage, openStorage, type StorageOptions } from '../../../server/storage/open-storage.ts'
import { blobsOver, graph, realClock, sha256 } from '../../tools/engine.ts'
import { labNodes, makeLab } from '../../tools/nodes.ts'

/** Ten nodes: in this process and outside, a blob, a list, an LLM, a review, random seeds, a sink. */
export const tenNodes: Workflow = graph(
  {
    text: ['text', { text: 'one two' }],
    words: ['words'],
    shout: ['shout'],
    far: ['remote'],
    all: ['collect'],
    long: ['long', { length: 9000 }],
    plan: ['think'],
    ok: ['review'],
    draw: ['draw', { count: 2 }],
    save: ['save'],
  },
  [
    'text.text > words.text',
    'words.words > shout.text',
    'shout.text > far.text',
    'far.text > all.items',
    'all.text > plan.request',
    'plan.plan > ok.value',
    'ok.value > draw.plan',
    'draw.images > save.text',
  ],
)

/** A runtime over a home on the disk whose nodes write into `calls` each time they run. */
export function crashLab(
  folder: string,
  who: string,
  options: StorageOptions = {},
): { runtime: Runtime; storage: HomeStorage } {
  const storage = openStorage(join(folder, 'home'), options)
  const lab = makeLab()
  lab.behave = (ctx) => {
    write(folder, 'calls', `${who} ${ctx.step.key} ${ctx.round.number}`)
    return undefined
  }
  const runtime = createRuntime({
    catalog: createCatalog({ nodes: labNodes }),
    services: lab,
    hash: sha256,
    clock: realClock,
    random: Math.random,
    newId: () => 'the-run',
    holder: thisProcess(),
    alive: (held) => isAlive(held, Date.now()),
    storage,
    blobs: blobsOver(storage),
  })
  return { runtime, storage }
}

/** What a process has promised to somebody, as lines of a file that outlives it. */
export function write(folder: string, file: 'calls' | 'told', line: string): void {
  appendFileSync(join(folder, file), `${line}\n`)
}

/** Writes down everything that is told of a run. */
export function follow(folder: string, run: RunHandle): void {
  run.listen((message) => {
    if ('event' in message && message.event.type === 'step.done')
      write(folder, 'told', `done ${stepName(message.event.step)}`)
    if ('event' in message && message.event.type === 'run.finished')
      write(folder, 'told', `finished ${message.event.status}`)
  })
}

/** Answers reviews until the run has ended. */
export async function answer(folder: string, run: RunHandle): Promise<string> {
  let view = await run.idle()
  while (view.status === 'waiting') {
    for (const { id, decision } of view.reviews) {
      if (decision) continue
      await run.decide(id, { kind: 'approve', by: 'ann' })
      write(folder, 'told', `decided ${id}`)
    }
    view = await run.idle()
  }
  return view.status
}
