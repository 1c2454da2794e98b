import { describe, expect, it } from 'vitest'
import { holds, type NodeState } from '../../../runtime/check/conditions.ts'

const fields = {
  plan: { kind: 'plan', fills: ['steps'] },
  steps: { kind: 'integer', default: 20 },
  cfg: { kind: 'number', default: 7 },
  mask: { kind: 'mask' },
}
const state = (values: NodeState['values'], wired: string[] = []): NodeState => ({
  fields,
  values,
  isWired: (field) => wired.includes(field),
})
const when = (condition: Parameters<typeof holds>[0]['when']) => ({ when: condition, reason: '' })

describe('a condition', () => {
  it('holds for a typed value, and for a default that nothing replaces', () => {
    expect(holds(when({ cfg: [1, 2] }), state({ cfg: 2 }))).toBe(true)
    expect(holds(when({ cfg: [7] }), state({}))).toBe(true)
    expect(holds(when({ cfg: [1] }), state({}))).toBe(false)
  })

  it('compares lists and objects by what they hold', () => {
    expect(holds(when({ mask: [{ strokes: [] }] }), state({ mask: { strokes: [] } }))).toBe(true)
  })

  it('asks whether a field is wired', () => {
    expect(holds(when({ mask: { wired: false } }), state({}))).toBe(true)
    expect(holds(when({ mask: { wired: true } }), state({}))).toBe(false)
    expect(holds(when({ mask: { wired: true } }), state({}, ['mask']))).toBe(true)
  })

  it('holds only when all of it does', () => {
    const both = when({ cfg: [7], mask: { wired: true } })
    expect(holds(both, state({}))).toBe(false)
    expect(holds(both, state({}, ['mask']))).toBe(true)
  })

  it('does not hold on a value that is not known before the run', () => {
    expect(holds(when({ cfg: [1] }), state({ cfg: 1 }, ['cfg']))).toBe(false)
    expect(holds(when({ steps: [20] }), state({}, ['plan']))).toBe(false)
    expect(holds(when({ mask: [1] }), state({}))).toBe(false)
  })
})
