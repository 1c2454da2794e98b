import { expect, it } from 'vitest'
import { createMemoryStorage } from '../../../runtime/memory/create-memory-storage.ts'
import { withFaults } from '../../../runtime/memory/with-faults.ts'
import { bench, blobsOver, graph } from '../../tools/engine.ts'
import { gate } from '../../tools/nodes.ts'

const chain = (length: number, type = 'shout') => {
  const nodes: Parameters<typeof graph>[0] = { n0: ['text', { text: 'a' }] }
  const edges: string[] = []
  for (let i = 1; i < length; i++) {
    nodes[`n${i}`] = [type]
    edges.push(`n${i - 1}.text > n${i}.text`)
  }
  return graph(nodes, edges)
}

it('[R33] steps that do not depend on one another run at the same time', async () => {
  const { runtime, lab, clock, idle } = bench()
  const open = ['a', 'b', 'c'].map((name) => gate(lab, name))
  const run = await runtime.start(
    graph({ a: ['remote', { text: '1' }], b: ['remote', { text: '2' }], c: ['remote', { text: '3' }] }),
  )
  await clock.pass(100)
  expect([...lab.running]).toEqual(['a', 'b', 'c'])
  for (const each of open) each()
  expect((await idle(run)).status).toBe('done')
})

it('[R33] a step starts when the last of its inputs is there', async () => {
  const { runtime, lab, clock, idle } = bench()
  const open = gate(lab, 'a')
  const run = await runtime.start(
    graph({ a: ['text', { text: '1' }], b: ['text', { text: '2' }], j: ['join'] }, [
      'a.text > j.a',
      'b.text > j.b',
    ]),
  )
  await clock.pass(100)
  expect(lab.calls).not.toContain('j')
  open()
  expect((await idle(run)).outputs).toEqual({ 'j.text': '12' })
})

it('[R33] a step that waits holds up no other branch', async () => {
  const { runtime, lab, clock, idle } = bench()
  const open = gate(lab, 'a')
  const run = await runtime.start(
    graph({ a: ['text', { text: 'x' }], b: ['shout'], c: ['text'], d: ['shout'] }, [
      'a.text > b.text',
      'c.text > d.text',
    ]),
  )
  await clock.pass(100)
  expect(lab.calls).toEqual(['a', 'c', 'd'])
  open()
  await idle(run)
})

it('[R34] no more steps of a pool run at once than its limit', async () => {
  const { run, lab, clock } = bench({ pools: { images: 2 } })
  for (const [at, name] of ['a', 'b', 'c', 'd', 'e'].entries())
    lab.gates.set(name, new Promise((resolve) => clock.after(100 * (at + 1), () => resolve(0))))
  const nodes = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e'].map((name): [string, [string, object]] => [name, ['remote', { text: name }]]),
  )
  let most = 0
  lab.begins = () => {
    most = Math.max(most, lab.running.size + 1)
  }
  expect((await run(graph(nodes))).status).toBe('done')
  expect(most).toBe(2)
})

it('[R34] slots go to the run that was accepted first', async () => {
  const { runtime, lab, clock, idle } = bench({ pools: { images: 1 } })
  const open = gate(lab, 'a')
  const first = await runtime.start(graph({ a: ['remote', { text: '1' }], b: ['remote', { text: '2' }] }))
  await clock.pass(5)
  const second = await runtime.start(graph({ c: ['remote', { text: '3' }] }))
  await clock.pass(100)
  open()
  await idle(first)
  await idle(second)
  expect(lab.calls).toEqual(['a', 'b', 'c'])
})

it('[R35] a step in this process starts before what it depends on is committed', async () => {
  const { runtime, lab, clock, storage } = bench()
  gate(lab, 'n2')
  const run = await runtime.start(chain(3))
  await clock.pass(1)
  expect(lab.calls).toEqual(['n0', 'n1', 'n2'])
  expect((await storage.journal.read(run.id)).length).toBe(1)
})

it('[R35] a step with effects outside starts only when all before it and its own start are committed', async () => {
  const { runtime, lab, storage, idle } = bench()
  const seen: string[][] = []
  lab.begins = (name) => {
    if (name !== 'r') return
    void storage.journal.read('run-0001').then((entries) => seen.push(entries.map(({ event }) => event.type)))
  }
  const run = await runtime.start(graph({ a: ['text', { text: 'x' }], r: ['remote'] }, ['a.text > r.text']))
  await idle(run)
  expect(seen).toEqual([['run.created', 'step.done', 'step.started']])
})

it('[R36] a chain of 1,000 steps is committed in at most 50 transactions', async () => {
  let appends = 0
  const count = withFaults(createMemoryStorage(), ({ call }) => {
    if (call === 'journal.append' || call === 'results.put') appends++
    return undefined
  })
  const { run } = bench({ storage: count, blobs: blobsOver(count) })
  expect((await run(chain(1000))).status).toBe('done')
  expect(appends).toBeLessThanOrEqual(50)
})
