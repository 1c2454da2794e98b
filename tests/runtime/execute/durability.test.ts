import { expect, it } from 'vitest'
import { createCatalog } from '../../../runtime/catalog.ts'
import type { Context } from '../../../runtime/define-node.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import { createMemoryStorage } from '../../../runtime/memory/create-memory-storage.ts'
import { type FaultPlan, withFaults } from '../../../runtime/memory/with-faults.ts'
import { bench, blobsOver, graph, refusal, sha256, statuses, stepOf } from '../../tools/engine.ts'
import { gate, labNodes } from '../../tools/nodes.ts'

const chain = graph({ a: ['text', { text: 'x' }], r: ['remote'], s: ['shout'] }, [
  'a.text > r.text',
  'r.text > s.text',
])

/** A bench whose first process reaches its storage through a door that the plan spoils. */
function spoilt(plan: FaultPlan) {
  const storage = createMemoryStorage({ hash: sha256 })
  const all = bench({ storage })
  const door = withFaults(storage, plan)
  return { ...all, ...all.process({ storage: door, blobs: blobsOver(door) }), storage }
}

it('[R85] an accepted run is in the journal, whole, before its id is given out', async () => {
  const { runtime, storage } = bench()
  const run = await runtime.start(chain)
  expect((await storage.journal.read(run.id))[0]?.event).toMatchObject({
    type: 'run.created',
    workflow: chain,
  })
})

it('[R85] a run that could not be kept is not accepted', async () => {
  const { runtime, storage } = spoilt(({ call }) => {
    if (call === 'journal.create') throw new Error('The disk is full.')
    return undefined
  })
  await expect(runtime.start(chain)).rejects.toThrow('The disk is full.')
  expect(await storage.journal.list()).toEqual([])
})

it('[R85] an accepted run goes on in another process after the first one died', async () => {
  const { runtime, process, clock } = bench()
  const { id } = await runtime.start(chain)
  const other = process({ alive: () => false })
  expect((await clock.until((await other.runtime.resume(id)).idle())).outputs).toEqual({ 's.text': 'far x!' })
})

it('[R86] a step is told as done only once it and its blobs are kept', async () => {
  const order: string[] = []
  const { runtime, clock } = spoilt(({ call }) => {
    if (call === 'blobs.put' || call === 'journal.append') order.push(call)
    return undefined
  })
  const run = await runtime.start(graph({ l: ['long', { length: 9000 }] }))
  run.listen((message) => {
    if ('event' in message) order.push(message.event.type)
  })
  await clock.until(run.idle())
  expect(order).toEqual(['blobs.put', 'journal.append', 'step.done', 'run.finished'])
})

it('[R86] committed events are told in order, without gaps', async () => {
  const { runtime, idle, storage } = bench()
  const run = await runtime.start(chain)
  const told: number[] = []
  run.listen((message) => {
    if ('seq' in message) told.push(message.seq)
  })
  await idle(run)
  const kept = (await storage.journal.read(run.id)).map(({ seq }) => seq)
  expect([1, ...told]).toEqual(kept)
})

it('[R86] whoever looks at a run is shown only what is kept', async () => {
  const { runtime, storage, lab, clock } = bench()
  gate(lab, 'r')
  const run = await runtime.start(
    graph({ a: ['text', { text: 'x' }], b: ['shout'], r: ['shout'] }, ['a.text > b.text', 'b.text > r.text']),
  )
  await clock.pass(1)
  const view = await clock.until(run.view())
  expect(statuses(view)).toMatchObject({ a: 'done', b: 'done' })
  const kept = (await storage.journal.read(run.id)).filter(({ event }) => event.type === 'step.done')
  expect(kept).toHaveLength(2)
})

it('[R86] who stops listening hears nothing more', async () => {
  const { runtime, idle } = bench()
  const run = await runtime.start(chain)
  const told: unknown[] = []
  run.listen((message) => told.push(message))()
  await idle(run)
  expect(told).toEqual([])
})

it('[R86] progress, previews and streamed text are told live and are not in the journal', async () => {
  const talk = (ctx: Context) => {
    ctx.progress({ value: 1, total: 2 })
    ctx.preview({ bytes: new Uint8Array(1), mime: 'image/png' })
    ctx.text('so ')
    ctx.note('mind this')
    return { text: 'x' }
  }
  const nodes = labNodes.map((node) => (node.type === 'remote' ? { ...node, run: talk } : node))
  const { runtime, idle, storage } = bench({ catalog: createCatalog({ nodes }) })
  const run = await runtime.start(graph({ r: ['remote'] }))
  const live: string[] = []
  run.listen((message) => {
    if ('live' in message) live.push(message.live.type)
  })
  const view = await idle(run)
  expect(live).toEqual(['progress', 'preview', 'text'])
  expect(JSON.stringify(await storage.journal.read(run.id))).not.toContain('so ')
  expect(stepOf(view, 'r').notes).toEqual(['mind this'])
})

it('[R87] after a crash no finished step is computed again', async () => {
  const { runtime, lab, process, clock } = bench()
  gate(lab, 's')
  const { id } = await runtime.start(chain)
  await clock.pass(1_000)
  const other = process({ alive: () => false })
  await clock.until((await other.runtime.resume(id)).idle())
  expect(lab.calls).toEqual(['a', 'r', 's'])
  expect(other.lab.calls).toEqual(['s'])
})

it('[R87] a resumed mapped node goes on at the items that were not finished', async () => {
  const { runtime, lab, process, clock } = bench()
  const workflow = graph({ w: ['words', { text: 'a b c d' }], r: ['remote'] }, ['w.words > r.text'])
  gate(lab, 'r[2]')
  const { id } = await runtime.start(workflow)
  await clock.pass(1_000)
  const other = process({ alive: () => false })
  const view = await clock.until((await other.runtime.resume(id)).idle())
  expect(other.lab.calls).toEqual(['r[2]'])
  expect(view.outputs).toEqual({ 'r.text': ['far a', 'far b', 'far c', 'far d'] })
})

it('[R87] resuming a run that has ended changes nothing', async () => {
  const { run, process, storage } = bench()
  const view = await run(chain)
  const resumed = await process().runtime.resume(view.id)
  expect(await resumed.idle()).toEqual(view)
  expect((await storage.journal.head(view.id))?.holder).toBeUndefined()
})

it('[R89] an open review holds nothing, and is answered after any number of restarts', async () => {
  const { runtime, idle, process, clock, storage } = bench()
  const first = await runtime.start(
    graph({ a: ['text', { text: 'x' }], q: ['review'], s: ['shout'] }, [
      'a.text > q.value',
      'q.value > s.text',
    ]),
  )
  await idle(first)
  expect((await storage.journal.head(first.id))?.holder).toBeUndefined()
  for (let i = 0; i < 3; i++) {
    await clock.pass(40 * 86_400_000)
    await clock.until((await process().runtime.resume(first.id)).idle())
  }
  const last = await process().runtime.resume(first.id)
  await idle(last)
  await last.decide('q/ok', { kind: 'approve' })
  expect((await idle(last)).outputs).toEqual({ 's.text': 'x!' })
})

it('[R89] the handle of the process that asked sees what another one decided', async () => {
  const { runtime, idle, process } = bench()
  const first = await runtime.start(graph({ a: ['text'], q: ['review'] }, ['a.text > q.value']))
  await idle(first)
  const other = await process().runtime.resume(first.id)
  await idle(other)
  await other.decide('q/ok', { kind: 'approve' })
  await idle(other)
  expect((await first.view()).status).toBe('done')
  expect(await refusal(first.decide('q/ok', { kind: 'reject' }))).toMatchObject({ code: 'already-decided' })
})

function newer() {
  const nodes = labNodes.map((node) =>
    node.type === 'shout'
      ? { ...node, version: 2, migrations: { 1: (values: object) => ({ values: { ...values } }) } }
      : node,
  )
  return { catalog: createCatalog({ nodes }), alive: () => false }
}

async function interrupted() {
  const all = bench()
  gate(all.lab, 'r')
  const { id } = await all.runtime.start(chain)
  await all.clock.pass(100)
  return { ...all, id }
}

it('[R90] a run whose node types have changed stops as blocked, and says what to do', async () => {
  const { process, id, clock } = await interrupted()
  const other = process(newer())
  const view = await clock.until((await other.runtime.resume(id)).idle())
  expect(view.status).toBe('blocked')
  expect(view.reason).toContain('"shout" was version 1 and is 2')
  expect(other.lab.calls).toEqual([])
  expect(statuses(view)).toMatchObject({ s: 'blocked' })
})

it('[R90] it goes on when the present versions are accepted, and does not ask again', async () => {
  const { process, id, clock } = await interrupted()
  const other = process(newer())
  await clock.until((await other.runtime.resume(id)).idle())
  expect((await clock.until((await other.runtime.resume(id, { acceptVersions: true })).idle())).status).toBe(
    'done',
  )
  expect((await clock.until((await process(newer()).runtime.resume(id)).idle())).status).toBe('done')
})

it('[R90] a blocked run takes no decision', async () => {
  const { runtime, idle, process } = bench()
  const first = await runtime.start(
    graph({ a: ['text'], q: ['review'], s: ['shout'] }, ['a.text > q.value', 'q.value > s.text']),
  )
  await idle(first)
  const blocked = await process(newer()).runtime.resume(first.id)
  await idle(blocked)
  expect(await refusal(blocked.decide('q/ok', { kind: 'approve' }))).toMatchObject({
    class: 'blocked',
    code: 'run-blocked',
  })
})

it('[R90] a run with a type that is not installed any more stays blocked, and can be read', async () => {
  const { process, id, clock } = await interrupted()
  const without = {
    catalog: createCatalog({ nodes: labNodes.filter(({ type }) => type !== 'shout') }),
    alive: () => false,
  }
  const { runtime } = process(without)
  const view = await clock.until((await runtime.resume(id, { acceptVersions: true })).idle())
  expect(view.status).toBe('blocked')
  expect(view.reason).toContain('not installed')
  expect(statuses(view)).toMatchObject({ a: 'done' })
})

it('[R91] a run keeps the workflow it was started with', async () => {
  const { runtime, idle } = bench()
  const workflow = structuredClone(chain)
  const run = await runtime.start(workflow)
  const node = workflow.nodes.a
  if (node) node.values = { text: 'changed' }
  expect((await idle(run)).outputs).toEqual({ 's.text': 'far x!' })
})

it('[R92] a retry after a crash uses the seed that was recorded', async () => {
  const { runtime, lab, process, clock, storage } = bench()
  gate(lab, 'd')
  const { id } = await runtime.start(graph({ d: ['draw', { prompt: 'x' }] }))
  await clock.pass(100)
  const created = (await storage.journal.read(id))[0]?.event
  const other = process({ alive: () => false, random: () => 0.123 })
  const { outputs } = await clock.until((await other.runtime.resume(id)).idle())
  expect(outputs).toEqual({ 'd.images': [`x/1/${created?.type === 'run.created' ? created.seeds.d : ''}`] })
})

it('[R92] an answer of an LLM is recorded once and not asked for again after a crash', async () => {
  const { runtime, lab, process, clock } = bench()
  gate(lab, 'd')
  const { id } = await runtime.start(
    graph({ p: ['think', { request: 'x' }], d: ['draw', { seed: 1 }] }, ['p.plan > d.plan']),
  )
  await clock.pass(100)
  const other = process({ alive: () => false })
  await clock.until((await other.runtime.resume(id)).idle())
  expect(other.lab.calls).toEqual(['d'])
})

it('[R94] an append whose answer was lost is not written twice', async () => {
  let lost = 0
  const { runtime, clock, storage } = spoilt(({ call }) => {
    if (call === 'journal.append' && lost++ % 2 === 0)
      return { loseAnswer: new Error('The connection broke.') }
    return undefined
  })
  const view = await clock.until((await runtime.start(chain)).idle())
  const types = (await storage.journal.read(view.id)).map(({ event }) => event.type)
  expect(types).toEqual([
    'run.created',
    'step.done',
    'step.started',
    'step.done',
    'step.done',
    'run.finished',
  ])
})

it('[R94] a write that fails for a moment is tried again', async () => {
  let failures = 2
  const { runtime, clock } = spoilt(({ call }) => {
    if (call === 'journal.append' && failures-- > 0) throw new Error('busy')
    return undefined
  })
  expect((await clock.until((await runtime.start(chain)).idle())).status).toBe('done')
})

it('[R94] an append that arrives twice is written once', async () => {
  const { runtime, clock, storage } = spoilt(({ call }) =>
    call === 'journal.append' ? { twice: true } : undefined,
  )
  const view = await clock.until((await runtime.start(chain)).idle())
  const types = (await storage.journal.read(view.id)).map(({ event }) => event.type)
  expect(types.filter((type) => type === 'run.finished')).toHaveLength(1)
  expect(view.seq).toBe(types.length)
})

it('[R95] a run whose time is up is parked without an outcome for what ran, and can be resumed', async () => {
  const { runtime, lab, clock, idle, process } = bench()
  gate(lab, 'r')
  const run = await runtime.start(chain, { timeoutMs: 5_000 })
  const view = await idle(run)
  expect(view).toMatchObject({ status: 'parked', reason: 'The time limit was reached.' })
  expect(statuses(view)).toEqual({ a: 'done', r: 'pending', s: 'pending' })
  expect((await clock.until((await process().runtime.resume(run.id)).idle())).status).toBe('done')
})

it('[R95] the same process can go on with a run it parked', async () => {
  const { runtime, lab, idle } = bench()
  const open = gate(lab, 'r')
  const run = await runtime.start(chain, { timeoutMs: 5_000 })
  await idle(run)
  open()
  expect((await idle(await runtime.resume(run.id))).status).toBe('done')
})

it('[R95] a decision wakes a parked run, with all that was interrupted', async () => {
  const { runtime, lab, idle } = bench()
  const open = gate(lab, 'r')
  const run = await runtime.start(
    graph({ r: ['remote'], t: ['text'], q: ['review'] }, ['t.text > q.value']),
    { timeoutMs: 5_000 },
  )
  await idle(run)
  open()
  await run.decide('q/ok', { kind: 'approve' })
  expect(statuses(await idle(run))).toEqual({ r: 'done', t: 'done', q: 'done' })
})

it('[R95] closing the runtime parks its runs and lets go of them', async () => {
  const { runtime, lab, clock, storage } = bench()
  gate(lab, 'r')
  const run = await runtime.start(chain)
  await clock.pass(100)
  await clock.until(runtime.close())
  expect(await storage.journal.head(run.id)).toMatchObject({ status: 'parked' })
  expect((await storage.journal.head(run.id))?.holder).toBeUndefined()
})

it('[R96] a run that cannot be written any more stops and says why', async () => {
  const { runtime, clock, lab } = spoilt(({ call }) => {
    if (call === 'journal.append')
      throw new PlanographError('blocked', 'The disk is full.', { code: 'disk-full' })
    return undefined
  })
  const run = await runtime.start(chain)
  await expect(clock.until(run.idle())).rejects.toMatchObject({ code: 'disk-full' })
  expect(lab.calls).toEqual(['a'])
})

it('[R96] after such a stop the run can be resumed', async () => {
  let full = true
  const { runtime, clock } = spoilt(({ call }) => {
    if (call === 'journal.append' && full) throw new PlanographError('blocked', 'The disk is full.')
    return undefined
  })
  const run = await runtime.start(chain)
  await clock.until(run.idle().catch(() => {}))
  full = false
  expect((await clock.until((await runtime.resume(run.id)).idle())).status).toBe('done')
})

it('[R98] a journal that is damaged is reported, and the run is not held', async () => {
  const storage = createMemoryStorage({ hash: sha256 })
  const all = bench({ storage })
  const { id } = await all.runtime.start(chain)
  await all.clock.until(all.runtime.close())
  const door = withFaults(storage, ({ call }) => {
    if (call === 'journal.read')
      throw new PlanographError('invalid', `Event 2 of run ${id} is damaged.`, { code: 'journal-damaged' })
    return undefined
  })
  const { runtime } = all.process({ storage: door })
  expect(await refusal(runtime.resume(id))).toMatchObject({ code: 'journal-damaged' })
  expect((await storage.journal.head(id))?.holder).toBeUndefined()
})

it('[R98] a run that does not exist is refused', async () => {
  const { runtime } = bench()
  expect(await refusal(runtime.view('nothing'))).toMatchObject({ class: 'invalid', code: 'no-run' })
  expect(await refusal(runtime.resume('nothing'))).toMatchObject({ code: 'no-run' })
})

it('[R98] a large value whose blob is gone fails the step that reads it, by name', async () => {
  const { runtime, lab, clock, storage, process } = bench()
  gate(lab, 's')
  const { id } = await runtime.start(
    graph({ l: ['long', { length: 9000 }], s: ['shout'] }, ['l.text > s.text']),
  )
  await clock.pass(1_000)
  for await (const { hash } of storage.blobs.list()) await storage.blobs.delete(hash)
  const other = process({ alive: () => false })
  const view = await clock.until((await other.runtime.resume(id)).idle())
  expect(stepOf(view, 's').failure).toMatchObject({
    class: 'invalid',
    code: 'blob-gone',
    details: { node: 's' },
  })
})

it('[R93] what a node type does not support is an error before it is asked for', async () => {
  const nodes = labNodes.map((node) =>
    node.type === 'draw'
      ? {
          ...node,
          auto: {
            from: [],
            resolve: async () =>
              Promise.reject(new PlanographError('unsupported', 'There is no such sampler.')),
          },
        }
      : node,
  )
  const { run, lab } = bench({ catalog: createCatalog({ nodes }) })
  const view = await run(graph({ d: ['draw'] }))
  expect(stepOf(view, 'd').failure).toMatchObject({
    class: 'unsupported',
    message: 'There is no such sampler.',
  })
  expect(lab.calls).toEqual([])
})

it('[R109] every attempt of a step has the same key, also in another process; another round has another', async () => {
  const { runtime, lab, process, clock, idle } = bench()
  const keys: string[] = []
  const behave: typeof lab.behave = ({ step }) => {
    keys.push(step.key)
    return undefined
  }
  lab.behave = (ctx, name) => {
    behave(ctx, name)
    return new Promise(() => {})
  }
  const { id } = await runtime.start(graph({ p: ['think'], q: ['review'] }, ['p.plan > q.value']))
  await clock.pass(100)
  const other = process({ alive: () => false })
  other.lab.behave = behave
  const run = await other.runtime.resume(id)
  await idle(run)
  await run.decide('q/ok', { kind: 'revise' })
  await idle(run)
  expect(keys).toEqual([`${id}:p`, `${id}:p`, `${id}:p#2`])
})
