import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from '../../../runtime/workflow/parse.ts'
import { print } from '../../../runtime/workflow/print.ts'
import type { Workflow } from '../../../runtime/workflow/schema.ts'
import { anyWorkflow, postcard } from './sample.ts'

function read(text: string): Workflow {
  const parsed = parse(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.workflow
}

describe('print', () => {
  it('prints a canonical file as it is', () => {
    expect(print(read(postcard))).toBe(postcard)
  })

  it('prints what it has printed and read again the same', () => {
    fc.assert(
      fc.property(anyWorkflow, (workflow) => {
        const text = print(workflow)
        expect(print(read(text))).toBe(text)
      }),
    )
  })

  it('keeps everything but the fractions of positions, the order of edges and what is empty', () => {
    fc.assert(
      fc.property(anyWorkflow, (workflow) => {
        const back = read(print(workflow))
        for (const [id, { values = {}, title }] of Object.entries(workflow.nodes))
          expect({ values: back.nodes[id]?.values ?? {}, title: back.nodes[id]?.title }).toEqual({
            values,
            title,
          })
        expect(back.edges).toHaveLength(workflow.edges.length)
        expect(Object.keys(back.inputs ?? {}).sort()).toEqual(Object.keys(workflow.inputs ?? {}).sort())
      }),
    )
  })

  it('prints the same whatever the order in which things were added', () => {
    const { nodes, edges, ...rest } = read(postcard)
    const shuffled = {
      ...rest,
      edges: [...edges].reverse(),
      nodes: Object.fromEntries(Object.entries(nodes).reverse()),
    }
    expect(print(shuffled)).toBe(postcard)
  })

  it('writes positions as integers, and never −0', () => {
    const text = print({ planograph: 1, nodes: { a: { type: 't', at: [-0.2, 10.6] } }, edges: [] })
    expect(text).toContain('"at": [0, 11]')
  })

  it('leaves numbers in values as they are', () => {
    const text = print({ planograph: 1, nodes: { a: { type: 't', values: { cfg: 6.5 } } }, edges: [] })
    expect(text).toContain('"cfg": 6.5')
  })

  it('writes unknown keys after the known ones, sorted', () => {
    const text = print({
      planograph: 1,
      nodes: { a: { zebra: 1, type: 't', ape: { b: 1, a: 2 } } },
      edges: [],
      zoo: 1,
      app: 2,
    })
    expect(text).toContain('{ "type": "t", "version": 1, "ape": { "a": 2, "b": 1 }, "zebra": 1 }')
    expect(text).toMatch(/"edges": \[\],\n {2}"app": 2,\n {2}"zoo": 1\n}\n$/)
  })

  it('changes one line when one node changes', () => {
    const workflow = read(postcard)
    const moved = structuredClone(workflow)
    moved.nodes.plan = { type: 'llm-plan', version: 1, at: [320, 80] }
    const lines = print(moved).split('\n')
    expect(postcard.split('\n').filter((line, index) => line !== lines[index])).toHaveLength(1)
  })
})
