import { describe, expect, it } from 'vitest'
import { check } from '../../../runtime/check/check.ts'
import { analyse } from '../../../runtime/graph/analyse.ts'
import { flow, sample } from './sample-catalog.ts'

const problems = (...parts: Parameters<typeof flow>) => check(flow(...parts), sample.data)
const paint = (values: { [field: string]: string | number | boolean | null | string[] }) =>
  problems({ p: { type: 'paint', version: 3, values: { prompt: 'a cat', ...values } } })

describe('check', () => {
  it('finds nothing wrong with a workflow that can run', () => {
    const found = problems(
      {
        t: { type: 'text', values: { text: 'a cat' } },
        p: {
          type: 'paint',
          version: 3,
          values: { steps: 20, seed: '18446744073709551615', sampler: 'Euler a' },
        },
        w: { type: 'template', values: { text: '{a}', parts: { a: null, b: 'typed' } } },
        s: 'save',
      },
      ['t.text > p.prompt', 't.text > w.parts.a', 'p.images > s.image'],
      { inputs: { wish: { to: 't.text' } }, outputs: { picture: { from: 'p.images' } } },
    )
    expect(found).toEqual([])
  })

  it('reports every problem at once, each with node and field, a reason and a hint', () => {
    const found = problems(
      { a: 'nope', t: { type: 'text', values: { text: 7 } }, p: 'paint', b: 'blur' },
      ['t.text > b.image', 't.text > p.cfg', 'x.y > p.prompt'],
      { outputs: { o: { from: 'p.nothing' } } },
    )
    expect(found.map(({ code, node, field }) => [code, node, field])).toEqual([
      ['unknown-type', 'a', undefined],
      ['unknown-node', undefined, undefined],
      ['wrong-kind', 'b', 'image'],
      ['wrong-kind', 'p', 'cfg'],
      ['wrong-value', 't', 'text'],
      ['missing-field', 'p', 'prompt'],
      ['points-nowhere', undefined, undefined],
    ])
    for (const { message, hint } of found) {
      expect(message).toMatch(/^["A-Z].*\.$/)
      expect(hint).toMatch(/^[A-Z].*[.?]$/)
    }
  })

  it('gives the same for the catalog that was sent as JSON', () => {
    const workflow = flow({ p: { type: 'paint', values: { steps: 900, sampler: 'x' } }, b: 'blur' }, [
      'b.image > b.image',
    ])
    const sent = JSON.parse(JSON.stringify(sample.data))
    expect(check(workflow, sent)).toEqual(check(workflow, sample.data))
  })

  it('takes an analysis that was made already', () => {
    const workflow = flow({ p: 'paint', b: 'blur' }, ['p.images > b.mask'])
    expect(check(workflow, sample.data, analyse(workflow, sample))).toEqual(check(workflow, sample.data))
  })
})

describe('values', () => {
  it.each([
    [{ steps: 900 }, 'steps must be at most 150, but is 900', 'It takes 1 to 150.'],
    [{ steps: 2.5 }, 'steps must be a whole number, but is 2.5', 'It takes 1 to 150.'],
    [{ cfg: '7' }, 'cfg must be a number, but is "7"', 'It takes 1 to 30.'],
    [{ cfg: null }, 'cfg must be a number, but is null', 'It takes 1 to 30.'],
    [{ tiled: 'no' }, 'tiled must be true or false, but is "no"', 'empty it to use the default'],
    [{ prompt: ['a'] }, 'prompt must be a text, but is a list', 'Change it.'],
    [{ seed: -5 }, 'seed must be at least -1, but is -5', ''],
    [{ seed: 'abc' }, 'seed does not have the right form: it is "abc"', ''],
    [{ seed: 1.5 }, 'seed must be a whole number or a text, but is 1.5', ''],
    [
      { sampler: 'DPM++2M' },
      'sampler must be "Euler", "Euler a" or "DPM++ 2M", but is "DPM++2M"',
      'Did you mean "DPM++ 2M"?',
    ],
  ])('refuses %j', (values, message, hint) => {
    expect(paint(values)).toEqual([
      {
        severity: 'error',
        code: expect.stringMatching(/^(wrong-value|not-a-choice)$/),
        node: 'p',
        field: Object.keys(values)[0],
        message: `"p": ${message}.`,
        hint: expect.stringContaining(hint),
      },
    ])
  })

  it('lets auto be set where it is the default', () => {
    expect(paint({ steps: 'auto' })).toEqual([])
    expect(paint({ cfg: 'auto' })).toHaveLength(1)
  })

  it('counts the characters of a text that is too long', () => {
    const found = problems({ t: { type: 'text', values: { text: 'x'.repeat(21) } } })
    expect(found).toMatchObject([{ message: '"t": text must have at most 20 characters, but has 21.' }])
  })

  it('names the item of a list, and the input of a named field', () => {
    const found = problems({
      l: { type: 'texts', values: { lines: ['a', 2] } },
      w: { type: 'template', values: { text: 'x', parts: { a: 'ok', b: false } } },
    })
    expect(found).toMatchObject([
      { node: 'l', field: 'lines', message: '"l": lines[1] must be a text, but is 2.' },
      { node: 'w', field: 'parts.b', message: '"w": parts.b must be a text, but is false.' },
    ])
  })

  it('refuses a value for a field that does not exist, with the nearest', () => {
    expect(paint({ step: 1 })).toMatchObject([
      { code: 'unknown-field', node: 'p', field: 'step', hint: 'Did you mean "steps"?' },
    ])
  })

  it('refuses a value in a field that only takes a wire', () => {
    expect(paint({ plan: 'x' })).toMatchObject([{ code: 'wire-only', node: 'p', field: 'plan' }])
  })

  it('does not ask for a typed value that a wire hides', () => {
    const found = problems(
      { t: { type: 'text', values: { text: 'a' } }, u: { type: 'text', values: { text: 5 } } },
      ['t.text > u.text'],
    )
    expect(found).toEqual([])
  })
})

describe('missing values', () => {
  it('are named with what would give them', () => {
    expect(problems({ p: 'paint' })).toMatchObject([
      {
        code: 'missing-field',
        node: 'p',
        field: 'prompt',
        message: '"p" (Paint) needs a value for "prompt".',
        hint: 'Type it, or wire something into it, or wire "plan", which fills it.',
      },
    ])
  })

  it('are asked to be wired where they cannot be typed', () => {
    expect(problems({ b: 'blur' })).toMatchObject([{ field: 'image', hint: 'Wire something into it.' }])
  })

  it('are not missing when a wired plan fills them, nor when a lazy field may do without', () => {
    const nodes = { l: { type: 'planner', values: { request: 'x' } }, p: 'paint', e: 'either' }
    expect(problems(nodes, ['l.plan > p.plan'])).toEqual([])
  })
})

describe('warnings', () => {
  const planned = (values: { [field: string]: string | number }, edges: string[] = []) =>
    problems(
      {
        l: { type: 'planner', values: { request: 'x' } },
        p: { type: 'paint', version: 3, values },
        t: { type: 'text', values: { text: 'a' } },
      },
      ['l.plan > p.plan', ...edges],
    )

  it('tell that a set value hides what the plan says', () => {
    expect(planned({ steps: 30 })).toEqual([
      {
        severity: 'warning',
        code: 'hides-plan',
        node: 'p',
        field: 'steps',
        message:
          '"p": what the wired "plan" says about "steps" will not be used, because "steps" is set to 30 in the node.',
        hint: 'Empty "steps" to use what "plan" says.',
      },
    ])
  })

  it('tell that a wire hides what the plan says', () => {
    expect(planned({}, ['t.text > p.prompt'])).toMatchObject([{ code: 'hides-plan', field: 'prompt' }])
  })

  it('do not come for a field that the plan does not fill', () => {
    expect(planned({ cfg: 3 })).toEqual([])
  })

  it('tell that a set value has no effect, with the reason', () => {
    expect(paint({ cfg: 1, negative: 'blurry' })).toMatchObject([
      {
        severity: 'warning',
        code: 'no-effect',
        field: 'negative',
        message: '"p": At CFG scale 1 the negative prompt has no effect.',
      },
    ])
  })

  it('do not come where the value is effective, not set, or not known before the run', () => {
    expect(paint({ cfg: 2, negative: 'blurry' })).toEqual([])
    expect(paint({ cfg: 1 })).toEqual([])
    const wired = problems(
      { n: 'number', p: { type: 'paint', version: 3, values: { prompt: 'x', negative: 'y', cfg: 1 } } },
      ['n.value > p.cfg'],
    )
    expect(wired).toEqual([])
  })

  it('tell what will not run because of a mute, and which output is not made', () => {
    const found = problems(
      { t: { type: 'text', mode: 'mute' }, p: 'paint', n: 'number' },
      ['t.text > p.prompt'],
      { outputs: { picture: { from: 'p.images' } } },
    )
    expect(found).toMatchObject([
      { severity: 'warning', code: 'does-not-run', node: 'p' },
      { severity: 'warning', code: 'output-not-made', place: 'outputs.picture', node: 'p' },
    ])
  })
})

describe('nodes and faces', () => {
  it('refuses a node that is newer than what is installed', () => {
    expect(problems({ t: { type: 'text', version: 2, values: { text: 'x' } } })).toMatchObject([
      {
        code: 'newer-node',
        node: 't',
        message: expect.stringContaining('version 2 of "text", but version 1 is installed'),
      },
    ])
  })

  it('does not ask a muted node for its values', () => {
    expect(problems({ b: { type: 'blur', mode: 'mute' }, n: 'number' })).toEqual([])
  })

  it('says when there is nothing to run', () => {
    expect(problems({})).toMatchObject([{ severity: 'error', code: 'nothing-to-run', hint: 'Add a node.' }])
    expect(problems({ n: { type: 'number', mode: 'mute' } })).toMatchObject([
      { severity: 'error', code: 'nothing-to-run', hint: expect.stringContaining('Unmute') },
    ])
  })

  it.each([
    ['inputs.a', { inputs: { a: { to: 'tt.text' } } }, 'does not exist', '"t"'],
    ['inputs.a', { inputs: { a: { to: 't.txt' } } }, 'has no field "txt"', '"text"'],
    ['inputs.a', { inputs: { a: { to: 't.text.x' } } }, 'has no named inputs', '"t.text"'],
    ['inputs.a', { inputs: { a: { to: 'b.mask' } } }, 'only takes a wire', 'another field'],
    ['outputs.a', { outputs: { a: { from: 'zzz.text' } } }, 'does not exist', '"t"'],
    ['outputs.a', { outputs: { a: { from: 't.image' } } }, 'has no output "image"', '"text"'],
  ])('says that %s points nowhere: %j', (place, face, message, hint) => {
    const nodes = { t: { type: 'text', values: { text: 'x' } }, b: { type: 'blur', mode: 'mute' as const } }
    expect(problems(nodes, [], face)).toMatchObject([
      {
        severity: 'error',
        code: 'points-nowhere',
        place,
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      },
    ])
  })

  it('warns of an input that a wire hides', () => {
    const nodes = { t: { type: 'text', values: { text: 'x' } }, u: 'text' }
    expect(problems(nodes, ['t.text > u.text'], { inputs: { a: { to: 'u.text' } } })).toMatchObject([
      { severity: 'warning', code: 'input-hidden', place: 'inputs.a' },
    ])
  })
})
