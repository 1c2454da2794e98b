import { expect, it } from 'vitest'
import { defineNode } from '../../runtime/define-node.ts'
import { field, output } from '../../runtime/field.ts'
import { graph, makeRuntime } from '../tools/engine.ts'

const text = defineNode({
  type: 'text', version: 1, title: 'Text', category: 'c', summary: 's', cache: 'always',
  fields: { text: field.text({ help: 'h', default: '' }) },
  outputs: { text: output.text() },
  run: (_ctx, { text }) => ({ text: `${text}!` }),
  examples: [{ title: 'x', values: { text: 'a' }, outputs: { text: 'a!' } }],
})
it('runs a chain', async () => {
  const runtime = makeRuntime([text])
  const run = await runtime.start(graph({ a: ['text', { text: 'hi' }], b: ['text'] }, ['a.text > b.text']))
  const view = await run.idle()
  expect(view.status).toBe('done')
  expect(view.outputs).toEqual({ 'b.text': 'hi!!' })
})
it('is quick', async () => {
  for (const n of [1000, 1000, 10000, 10000]) {
    const nodes: { [id: string]: [string, object?] } = { n0: ['text', { text: 'hi' + Math.random() }] }
    const edges: string[] = []
    for (let i = 1; i < n; i++) { nodes[`n${i}`] = ['text', {}]; edges.push(`n${i - 1}.text > n${i}.text`) }
    const big = makeRuntime([{...text, run: (_c: any, v: any) => ({text: v.text})} as any])
    const w = graph(nodes, edges)
    const t = performance.now()
    const run = await big.start(w)
    const t2 = performance.now()
    const v = await run.idle()
    console.log(n, v.status, 'start', t2 - t, 'total us/node', ((performance.now() - t) / n) * 1000)
  }
})
