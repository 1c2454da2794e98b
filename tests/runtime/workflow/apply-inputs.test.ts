import { describe, expect, it } from 'vitest'
import { applyInputs, type GivenInputs } from '../../../runtime/workflow/apply-inputs.ts'
import { flow, sample } from '../check/sample-catalog.ts'

const workflow = flow(
  { t: 'text', p: { type: 'paint', values: { cfg: 5 } }, m: 'texts', w: 'template', g: 'gone' },
  ['t.text > p.prompt'],
  {
    inputs: {
      wish: { to: 't.text' },
      steps: { to: 'p.steps' },
      lines: { to: 'm.lines' },
      who: { to: 'w.parts.who' },
    },
  },
)
const apply = (given: GivenInputs) => applyInputs(workflow, sample.data, given)

/** The values of a node after setting, which must succeed. */
function valuesOf(node: string, given: GivenInputs) {
  const applied = apply(given)
  if (!applied.ok) throw new Error(JSON.stringify(applied.problems))
  return applied.workflow.nodes[node]?.values
}

function problemsOf(given: GivenInputs) {
  const applied = apply(given)
  if (applied.ok) throw new Error('it was set')
  return applied.problems
}

describe('applyInputs', () => {
  it('sets declared inputs and fields, keeps other values, and leaves the workflow given as it was', () => {
    const before = structuredClone(workflow)
    expect(valuesOf('p', { inputs: { wish: 'a cat', steps: 30 }, set: { 'p.negative': 'blurry' } })).toEqual({
      cfg: 5,
      steps: 30,
      negative: 'blurry',
    })
    expect(valuesOf('t', { inputs: { wish: 'a cat' } })).toEqual({ text: 'a cat' })
    expect(workflow).toEqual(before)
  })

  it('lets a single field win over an input', () => {
    expect(valuesOf('p', { inputs: { steps: 30 }, set: { 'p.steps': 40 } })).toMatchObject({ steps: 40 })
  })

  it.each([
    ['p.steps', '24', 24],
    ['p.steps', 'auto', 'auto'],
    ['p.cfg', ' 6.5 ', 6.5],
    ['t.text', '24', '24'],
    ['p.tiled', 'yes', true],
    ['p.tiled', 'FALSE', false],
    ['p.seed', '7', 7],
    ['p.seed', '-1', -1],
    ['p.seed', '18446744073709551615', '18446744073709551615'],
    ['p.sampler', 'Euler a', 'Euler a'],
    ['m.lines', '["a", "b"]', ['a', 'b']],
    ['m.lines', 'just one', ['just one']],
    ['w.parts', '{"a": "x"}', { a: 'x' }],
  ])('reads %s=%s as the field wants it', (to, text, value) => {
    const [node = '', field = ''] = to.split('.')
    expect(valuesOf(node, { set: { [to]: text } })?.[field]).toEqual(value)
  })

  it('sets one name of a named field and keeps the others', () => {
    expect(valuesOf('w', { inputs: { who: 'Ada' }, set: { 'w.parts.what': '1' } })).toEqual({
      parts: { who: 'Ada', what: '1' },
    })
  })

  it.each([
    [
      'p.steps',
      '900',
      'wrong-value',
      '"p.steps": steps must be at most 150, but is 900.',
      'It takes 1 to 150.',
    ],
    [
      'p.steps',
      'many',
      'wrong-value',
      '"p.steps": steps must be a number, but is "many".',
      'It takes 1 to 150.',
    ],
    [
      'p.sampler',
      'euler',
      'not-a-choice',
      'sampler must be "Euler", "Euler a" or "DPM++ 2M", but is "euler"',
      'Did you mean "Euler"',
    ],
    [
      'p.stepz',
      '1',
      'unknown-field',
      '"p.stepz" cannot be set: "p" (Paint) has no field "stepz".',
      '"steps"',
    ],
    ['t.text.name', '1', 'unknown-field', 'has no field "text.name"', '"text"'],
    ['q.steps', '1', 'unknown-node', 'there is no node "q"', '"p"'],
    ['p.plan', 'x', 'wire-only', 'only takes a wire', 'Set a field of the node that is wired into it'],
    ['p.prompt', 'x', 'wired', 'a wire goes into "p.prompt"', 'where the wire begins'],
    ['g.x', '1', 'unknown-type', 'of the type "gone"', 'Install'],
  ])('refuses %s=%s', (to, value, code, message, hint) => {
    expect(problemsOf({ set: { [to]: value } })).toMatchObject([
      {
        severity: 'error',
        code,
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      },
    ])
  })

  it('refuses an input that is not declared, with the nearest', () => {
    expect(problemsOf({ inputs: { whish: 'x' } })).toMatchObject([
      { code: 'unknown-input', message: 'There is no input "whish".', hint: 'Did you mean "wish"?' },
    ])
  })

  it('names the input whose value does not fit', () => {
    expect(problemsOf({ inputs: { steps: 0 } })).toMatchObject([
      { node: 'p', field: 'steps', message: 'The input "steps": steps must be at least 1, but is 0.' },
    ])
  })

  it('reports all that cannot be set at once', () => {
    expect(problemsOf({ inputs: { nope: 1, steps: 'x' }, set: { 'p.cfg': 99 } })).toHaveLength(3)
  })
})
