import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cycles } from '../../../runtime/graph/cycles.ts'
import { order } from '../../../runtime/graph/order.ts'
import { downstream, reaches, upstream } from '../../../runtime/graph/reaches.ts'

const arcs = ['a>b', 'b>c', 'b>d', 'x>d'].map((text) => ({ from: text.charAt(0), to: text.charAt(2) }))

describe('reaches', () => {
  it('follows arcs forwards, the start included', () => {
    expect([...downstream(['b'], arcs)]).toEqual(['b', 'c', 'd'])
    expect(downstream(['c', 'x'], arcs)).toEqual(new Set(['c', 'x', 'd']))
  })

  it('follows arcs backwards, the start included', () => {
    expect(upstream(['d'], arcs)).toEqual(new Set(['d', 'b', 'x', 'a']))
  })

  it('tells whether one node leads to another', () => {
    expect(reaches('a', 'd', arcs)).toBe(true)
    expect(reaches('d', 'a', arcs)).toBe(false)
    expect(reaches('a', 'a', arcs)).toBe(true)
  })

  it('comes to an end on a loop', () => {
    const loop = [...arcs, { from: 'd', to: 'a' }]
    expect(reaches('c', 'a', loop)).toBe(false)
    expect(downstream(['b'], loop)).toEqual(new Set(['b', 'c', 'd', 'a']))
  })
})

const nodes = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const anyArcs = fc.array(fc.record({ from: fc.constantFrom(...nodes), to: fc.constantFrom(...nodes) }), {
  maxLength: 14,
})

describe('laws of order and loops', () => {
  it('sorts every node after what it depends on, and leaves over exactly what a loop reaches', () => {
    fc.assert(
      fc.property(anyArcs, (arcs) => {
        const { order: sorted, rest } = order(nodes, arcs)
        const place = new Map(sorted.map((node, index) => [node, index]))
        for (const { from, to } of arcs)
          if (place.has(to)) expect(place.get(from)).toBeLessThan(place.get(to) ?? -1)
        const onLoop = nodes.filter((node) =>
          arcs.some(({ from, to }) => from === node && reaches(to, node, arcs)),
        )
        expect(new Set(rest)).toEqual(downstream(onLoop, arcs))
      }),
    )
  })

  it('names true loops, one for each group of nodes that depend on one another', () => {
    fc.assert(
      fc.property(anyArcs, (arcs) => {
        const found = cycles(nodes, arcs)
        for (const loop of found)
          loop.forEach((from, index) => {
            const to = loop[(index + 1) % loop.length]
            expect(arcs).toContainEqual({ from, to })
          })
        const onLoop = nodes.filter((node) =>
          arcs.some(({ from, to }) => from === node && reaches(to, node, arcs)),
        )
        const groups = new Set(
          onLoop.map((node) =>
            onLoop.filter((other) => reaches(node, other, arcs) && reaches(other, node, arcs)).join(),
          ),
        )
        expect(found).toHaveLength(groups.size)
      }),
    )
  })
})
