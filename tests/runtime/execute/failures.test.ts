import { expect, it } from 'vitest'
import { createCatalog } from '../../../runtime/catalog.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import { bench, graph, statuses, stepOf } from '../../tools/engine.ts'
import { failing, gate, labNodes, remote } from '../../tools/nodes.ts'

const branches = graph(
  { a: ['text', { text: 'x' }], b: ['shout'], c: ['text', { text: 'y' }], d: ['shout'], e: ['shout'] },
  ['a.text > b.text', 'b.text > e.text', 'c.text > d.text'],
)

it('[R71] a failed step skips only what depends on it, and says why', async () => {
  const { run, lab } = bench()
  failing(lab, 'a', 'invalid')
  const view = await run(branches)
  expect(statuses(view)).toEqual({ a: 'failed', b: 'skipped', c: 'done', d: 'done', e: 'skipped' })
  expect(stepOf(view, 'e').reason).toBe('"a" failed.')
})

it('[R71] a step with one failed input among others is skipped', async () => {
  const { run, lab } = bench()
  failing(lab, 'a', 'invalid')
  const view = await run(
    graph({ a: ['text', { text: 'x' }], b: ['text'], j: ['join'] }, ['a.text > j.a', 'b.text > j.b']),
  )
  expect(statuses(view)).toEqual({ a: 'failed', b: 'done', j: 'skipped' })
})

it('[R72] a run with a failed step is failed, and its other outputs are there', async () => {
  const { run, lab } = bench()
  failing(lab, 'a', 'invalid')
  const view = await run(branches)
  expect(view.status).toBe('failed')
  expect(view.outputs).toEqual({ 'd.text': 'y!' })
})

it('[R72] a failure names its node', async () => {
  const { run, lab } = bench()
  failing(lab, 'a', 'refused')
  expect(stepOf(await run(branches), 'a').failure).toMatchObject({
    class: 'refused',
    message: 'a cannot: refused.',
    details: { node: 'a' },
  })
})

it('[R72] a run after a failed one goes well', async () => {
  const { run, lab } = bench()
  failing(lab, 'a', 'invalid')
  await run(branches)
  expect((await run(branches)).status).toBe('done')
})

async function retries(...args: Parameters<typeof failing>[2][]) {
  const all = bench({ random: () => 0 })
  failing(all.lab, 'r', ...args)
  const begun = all.clock.now()
  const at: number[] = []
  all.lab.begins = () => at.push(all.clock.now() - begun)
  const view = await all.run(graph({ r: ['remote'] }))
  return { ...all, view, at }
}

it('[R73] a failure that may pass is tried again, waiting twice as long each time', async () => {
  const { view, at } = await retries('unreachable', 'timeout')
  expect(view.status).toBe('done')
  expect(stepOf(view, 'r').attempt).toBe(3)
  expect(at).toEqual([0, 500, 1500])
})

it('[R73] each failed attempt is in the journal with the time of the next', async () => {
  const { view, storage } = await retries('unreachable')
  const failed = (await storage.journal.read(view.id)).flatMap(({ event }) =>
    event.type === 'step.failed' ? [event] : [],
  )
  expect(failed).toMatchObject([{ attempt: 1, failure: { class: 'unreachable' } }])
  expect((failed[0]?.retryAt ?? 0) - (failed[0]?.at ?? 0)).toBe(500)
})

it('[R73] after three attempts the step has failed', async () => {
  const { view, lab } = await retries('unreachable', 'unreachable', 'unreachable', 'unreachable')
  expect(view.status).toBe('failed')
  expect(lab.calls).toHaveLength(3)
})

it('[R73] up to a quarter is added to the wait at random', async () => {
  const { run, lab, storage } = bench({ random: () => 0.999 })
  failing(lab, 'r', 'unreachable')
  const { id } = await run(graph({ r: ['remote'] }))
  const failed = (await storage.journal.read(id)).flatMap(({ event }) =>
    event.type === 'step.failed' ? [event] : [],
  )
  expect((failed[0]?.retryAt ?? 0) - (failed[0]?.at ?? 0)).toBe(625)
})

it('[R73] a server that says how long to wait is believed', async () => {
  const { run, lab, clock } = bench()
  lab.failures.set('r', [new PlanographError('rate-limit', 'Too many.', { retryAfterMs: 9_000 })])
  const begun = clock.now()
  expect((await run(graph({ r: ['remote'] }))).status).toBe('done')
  expect(clock.now() - begun).toBeGreaterThanOrEqual(9_000)
})

it.each(['invalid', 'auth', 'refused', 'unsupported', 'out-of-memory'] as const)(
  '[R74] a failure that would come again is not tried again: %s',
  async (kind) => {
    const { view, lab } = await retries(kind)
    expect(view.status).toBe('failed')
    expect(lab.calls).toEqual(['r'])
  },
)

it('[R74] a node type that says so is tried once only', async () => {
  const { run, lab } = bench()
  failing(lab, 's', 'unreachable')
  expect((await run(graph({ s: ['save'] }))).status).toBe('failed')
})

it('[R75] an attempt without any sign of progress is ended as a timeout and tried again', async () => {
  const { runtime, lab, clock, idle } = bench()
  gate(lab, 'r')
  const run = await runtime.start(graph({ r: ['remote'] }))
  await clock.pass(9_000)
  expect(lab.signals.get('r')?.aborted).toBe(false)
  lab.gates.delete('r')
  await clock.pass(2_000)
  expect(lab.signals.get('r')?.aborted).toBe(true)
  expect(stepOf(await idle(run), 'r')).toMatchObject({ status: 'done', attempt: 2 })
})

it('[R75] a step that stalls each time has failed, and says so in words', async () => {
  const { run, lab } = bench()
  gate(lab, 'r')
  expect(stepOf(await run(graph({ r: ['remote'] })), 'r').failure).toMatchObject({
    class: 'timeout',
    code: 'stalled',
    message: '"r" showed no progress for 10 seconds.',
  })
})

const busy = {
  ...remote,
  run: async (ctx: Parameters<typeof remote.run>[0]) => {
    const lab = ctx.services
    lab.calls.push('r')
    while (!ctx.signal.aborted) {
      ctx.progress({ value: 1 })
      await lab.gates.get('tick')
    }
    return { text: 'late' }
  },
}

it('[R76] an attempt that goes on for too long is ended, progress or not', async () => {
  const { runtime, lab, clock, idle } = bench({
    catalog: createCatalog({
      nodes: labNodes.map((node) => (node.type === 'remote' ? { ...busy, attempts: 1 } : node)),
    }),
  })
  const tick = () => {
    lab.gates.set('tick', new Promise((resolve) => clock.after(1_000, () => resolve(tick()))))
  }
  tick()
  const run = await runtime.start(graph({ r: ['remote'] }))
  expect(stepOf(await idle(run), 'r').failure).toMatchObject({
    code: 'too-long',
    message: '"r" was not finished after 60 seconds.',
  })
})

it('[R77] progress keeps an attempt alive', async () => {
  const { runtime, lab, clock } = bench({
    catalog: createCatalog({ nodes: labNodes.map((node) => (node.type === 'remote' ? busy : node)) }),
  })
  const tick = () => {
    lab.gates.set('tick', new Promise((resolve) => clock.after(1_000, () => resolve(tick()))))
  }
  tick()
  const run = await runtime.start(graph({ r: ['remote'] }))
  await clock.pass(50_000)
  expect(stepOf(await run.view(), 'r')).toMatchObject({ status: 'running', attempt: 1 })
})

it('[R78] an error that nobody foresaw is a bug with its stack, and is not tried again', async () => {
  const { run, lab } = bench()
  lab.failures.set('a', [new TypeError('x is not a function')])
  const { failure } = stepOf(await run(branches), 'a')
  expect(failure).toMatchObject({
    class: 'bug',
    message: 'An unexpected error: x is not a function',
    retry: false,
  })
  expect(JSON.stringify(failure?.details)).toContain('failures.test.ts')
})

it('[R78] an error in a step that is not asynchronous does not disturb one that is', async () => {
  const { run, lab, clock } = bench()
  lab.gates.set('r', new Promise((resolve) => clock.after(100, () => resolve(0))))
  failing(lab, 'a', 'bug')
  expect(statuses(await run(graph({ r: ['remote'], a: ['text'] })))).toEqual({ r: 'done', a: 'failed' })
})

it('[R79] a step during which the process died twice is poison and is not tried again', async () => {
  const { runtime, lab, clock, process } = bench()
  gate(lab, 'r')
  const { id } = await runtime.start(graph({ r: ['remote'], a: ['text'] }))
  await clock.pass(100)
  const second = process({ alive: () => false })
  gate(second.lab, 'r')
  await second.runtime.resume(id)
  await clock.pass(100)
  expect(second.lab.calls).toEqual(['r'])
  const third = process({ alive: () => false })
  const view = await clock.until((await third.runtime.resume(id)).idle())
  expect(third.lab.calls).toEqual([])
  expect(stepOf(view, 'r').failure).toMatchObject({ class: 'poison', retry: false })
  expect(statuses(view)).toEqual({ r: 'failed', a: 'done' })
})

it('[R79] a step that was parked in good order is not counted as having killed the process', async () => {
  const { runtime, lab, clock, process } = bench()
  gate(lab, 'r')
  const { id } = await runtime.start(graph({ r: ['remote'] }))
  await clock.pass(100)
  await runtime.close()
  for (let i = 0; i < 2; i++) {
    const next = process()
    gate(next.lab, 'r')
    await next.runtime.resume(id)
    await clock.pass(100)
    await next.runtime.close()
  }
  const last = process()
  expect((await clock.until((await last.runtime.resume(id)).idle())).status).toBe('done')
})
