import { describe, expect, it } from 'vitest'
import { analyse } from '../../../runtime/graph/analyse.ts'
import { flow, sample } from '../check/sample-catalog.ts'

const look = (...parts: Parameters<typeof flow>) => analyse(flow(...parts), sample)
const at = (analysis: ReturnType<typeof look>, id: string) => {
  const node = analysis.nodes.get(id)
  if (!node) throw new Error(`${id} does not run`)
  return node
}

describe('order', () => {
  it('puts every node after those it depends on, whatever the order in the file', () => {
    const { order, problems } = look({ s: 'save', b: 'blur', p: 'paint', t: 'text' }, [
      'b.image > s.image',
      'p.images > b.image',
      't.text > p.prompt',
    ])
    expect(order).toEqual(['t', 'p', 'b', 's'])
    expect(problems).toEqual([])
  })

  it('names the nodes of a loop in their order', () => {
    const { problems } = look({ a: 'blur', b: 'blur', c: 'blur', t: 'text' }, [
      'a.image > b.image',
      'b.image > c.image',
      'c.image > a.image',
    ])
    expect(problems).toMatchObject([
      { code: 'cycle', node: 'a', message: expect.stringContaining('"a" → "b" → "c" → "a"') },
    ])
  })

  it('names a node that is wired into itself', () => {
    expect(look({ a: 'blur' }, ['a.image > a.image']).problems).toMatchObject([{ code: 'cycle', node: 'a' }])
  })

  it('reports two loops, and not the nodes between and behind them', () => {
    const { problems } = look({ a: 'template', b: 'template', m: 'template', c: 'template', d: 'text' }, [
      'a.text > b.text',
      'b.text > a.text',
      'b.text > m.text',
      'm.text > c.parts.x',
      'c.text > c.text',
      'c.text > d.text',
    ])
    expect(problems.map((problem) => problem.message)).toEqual([
      'These nodes wait for one another in a loop: "a" → "b" → "a".',
      'These nodes wait for one another in a loop: "c" → "c".',
    ])
  })

  it('walks a chain of 20,000 nodes without running out of stack, also when it is a loop', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `n${i}`)
    const edges = ids.slice(1).map((id, i) => `n${i}.text > ${id}.text`)
    const nodes = Object.fromEntries(ids.map((id) => [id, 'text']))
    expect(look(nodes, edges).order).toEqual(ids)
    const loop = look(nodes, [...edges, 'n19999.text > n0.text'])
    expect(loop.problems.map((problem) => problem.code)).toEqual(['cycle'])
  })
})

describe('types', () => {
  it('maps a single field that a list goes into, and gives its outputs as lists', () => {
    const analysis = look({ l: 'texts', p: 'paint', b: 'blur', s: 'save' }, [
      'l.texts > p.prompt',
      'p.images > b.image',
      'b.image > s.image',
    ])
    expect(at(analysis, 'l').mapped).toEqual([])
    expect(at(analysis, 'p').mapped).toEqual(['prompt'])
    expect(at(analysis, 'p').outputs).toEqual({
      images: { kind: 'image', list: true },
      details: { kind: 'json', list: true },
    })
    expect(at(analysis, 's').mapped).toEqual(['image'])
  })

  it('does not map a field that takes the list', () => {
    const analysis = look({ l: 'texts', m: 'texts' }, ['l.texts > m.lines'])
    expect(at(analysis, 'm')).toMatchObject({
      mapped: [],
      outputs: { count: { kind: 'integer', list: false } },
    })
  })

  it('makes a single value a list of one where a list is taken, converted on the way', () => {
    const analysis = look({ n: 'number', m: 'texts' }, ['n.value > m.lines'])
    expect(at(analysis, 'm').inputs.get('lines')).toEqual({
      from: { node: 'n', output: 'value' },
      edgeIndex: 0,
      type: { kind: 'number', list: false },
      convert: { from: 'number', to: 'text' },
      wraps: true,
    })
  })

  it('binds a type variable to kind and whole list, so that the node does not map', () => {
    const analysis = look({ p: 'paint', r: 'review' }, ['p.images > r.value'])
    expect(at(analysis, 'r')).toMatchObject({
      mapped: [],
      bound: { T: { kind: 'image', list: true } },
      outputs: { value: { kind: 'image', list: true } },
    })
  })

  it('maps a node with a bound variable over its other fields', () => {
    const analysis = look({ p: 'planner', l: 'texts', r: 'review' }, ['p.plan > r.value', 'l.texts > r.ask'])
    expect(at(analysis, 'r')).toMatchObject({
      mapped: ['ask'],
      outputs: { value: { kind: 'plan', list: true } },
    })
  })

  it('binds a variable of a field that takes a list to the kind of the items', () => {
    const analysis = look({ p: 'paint', c: 'choose' }, ['p.images > c.items'])
    expect(at(analysis, 'c').outputs).toEqual({
      first: { kind: 'image', list: false },
      rest: { kind: 'image', list: true },
    })
  })

  it('takes an unwired variable for anything', () => {
    expect(at(look({ e: 'either' }), 'e').outputs).toEqual({ value: { kind: 'any', list: false } })
  })

  it('lets several wires bind one variable when one kind becomes the other', () => {
    const analysis = look({ t: 'text', n: 'number', e: 'either' }, ['n.value > e.a', 't.text > e.b'])
    expect(analysis.problems).toEqual([])
    expect(at(analysis, 'e').bound).toEqual({ T: { kind: 'text', list: false } })
    expect(at(analysis, 'e').inputs.get('a')).toMatchObject({ convert: { from: 'number', to: 'text' } })
  })

  it('refuses wires of kinds that cannot be brought together in one variable', () => {
    const { problems } = look({ t: 'text', p: 'planner', e: 'either' }, ['p.plan > e.a', 't.text > e.b'])
    expect(problems).toMatchObject([{ code: 'wrong-kind', node: 'e', field: 'b' }])
  })

  it('refuses a wire of the wrong kind with the reason and the node that would help', () => {
    const { problems } = look({ i: 'paint', m: 'mask-of', b: 'blur' }, [
      'i.images > m.image',
      'm.mask > b.image',
    ])
    expect(problems).toEqual([
      {
        severity: 'error',
        code: 'wrong-kind',
        node: 'b',
        field: 'image',
        place: 'edges[1]',
        message:
          '"m.mask" cannot be wired into "b.image": a mask value cannot go into an image field, which takes only image values.',
        hint: 'Put "Picture of a mask" between them, or wire something else.',
      },
    ])
  })

  it('keeps the inputs of a named field apart by their names', () => {
    const analysis = look({ a: 'text', l: 'texts', t: 'template' }, [
      'a.text > t.parts.who',
      'l.texts > t.parts.what',
    ])
    expect([...at(analysis, 't').inputs.keys()]).toEqual(['parts.who', 'parts.what'])
    expect(at(analysis, 't').mapped).toEqual(['parts.what'])
  })
})

describe('wires', () => {
  it.each([
    ['an output that does not exist', 'a.txt > b.text', 'unknown-output', '"text"'],
    ['a field that does not exist', 'a.text > b.tex', 'unknown-field', '"text"'],
    ['a node that does not exist', 'a.text > bb.text', 'unknown-node', '"b"'],
    ['a field that is never wired', 'n.value > p.tiled', 'not-wirable', 'Remove the wire'],
    ['a named field without a name', 'a.text > t.parts', 'name-missing', 't.parts.name'],
    ['a name on a field that has none', 'a.text > b.text.x', 'unknown-field', 'b.text'],
  ])('refuses a wire at %s', (_, edge, code, hint) => {
    const { problems, links } = look({ a: 'text', b: 'text', n: 'number', p: 'paint', t: 'template' }, [edge])
    expect(problems).toMatchObject([
      { severity: 'error', code, place: 'edges[0]', hint: expect.stringContaining(hint) },
    ])
    expect(links).toEqual([])
  })

  it('refuses a second wire into one field and names both', () => {
    const { problems, links } = look({ a: 'text', b: 'text', c: 'text' }, [
      'a.text > c.text',
      'b.text > c.text',
    ])
    expect(problems).toMatchObject([
      { code: 'two-edges', node: 'c', field: 'text', message: expect.stringMatching(/"a\.text".*"b\.text"/) },
    ])
    expect(links).toHaveLength(1)
  })

  it('says of a node of an unknown type only that, with the nearest names', () => {
    const { problems } = look({ a: 'txet', b: 'paint' }, ['a.whatever > b.prompt'])
    expect(problems).toMatchObject([
      { code: 'unknown-type', node: 'a', hint: expect.stringContaining('Did you mean "text"') },
    ])
  })

  it('does not take what every object inherits for a node or a type', () => {
    const { problems } = look({ a: 'constructor', b: 'text' }, ['toString.text > b.text'])
    expect(problems.map((problem) => problem.code)).toEqual(['unknown-type', 'unknown-node'])
  })
})

describe('bypass', () => {
  const bypassed = { type: 'blur', mode: 'bypass' as const }

  it('wires readers to what the node passes', () => {
    const analysis = look({ p: 'paint', b: bypassed, s: 'save' }, ['p.images > b.image', 'b.image > s.image'])
    expect(analysis.order).toEqual(['p', 's'])
    expect(at(analysis, 's').inputs.get('image')?.from).toEqual({ node: 'p', output: 'images' })
    expect(analysis.links).toMatchObject([{ edge: 1, from: 'p', to: 's' }])
  })

  it('goes through several bypassed nodes in a row', () => {
    const analysis = look({ p: 'paint', b: bypassed, c: bypassed, s: 'save' }, [
      'p.images > b.image',
      'b.image > c.image',
      'c.image > s.image',
    ])
    expect(at(analysis, 's').inputs.get('image')?.from.node).toBe('p')
  })

  it('passes the first field of a fitting kind where the node does not say which', () => {
    const analysis = look({ p: 'paint', m: { type: 'mask-of', mode: 'bypass' }, n: 'number', b: 'blur' }, [
      'n.value > m.strength',
      'p.images > m.image',
      'p.images > b.image',
      'm.mask > b.mask',
    ])
    expect(at(analysis, 'b').inputs.get('mask')).toMatchObject({
      from: { node: 'p', output: 'images' },
      convert: { from: 'image', to: 'mask' },
    })
  })

  it('gives a declared output from what the node passes', () => {
    const { outputs } = look(
      { p: 'paint', b: bypassed, m: { type: 'text', mode: 'mute' } },
      ['p.images > b.image'],
      {
        outputs: { direct: { from: 'p.images' }, passed: { from: 'b.image' }, gone: { from: 'm.text' } },
      },
    )
    expect(outputs).toEqual({
      direct: { node: 'p', output: 'images' },
      passed: { node: 'p', output: 'images' },
    })
  })

  it('takes the wire away with a warning where nothing fits, and what needed it does not run', () => {
    const analysis = look({ m: { type: 'planner', mode: 'bypass' }, t: 'text', p: 'paint', r: 'review' }, [
      't.text > m.request',
      'm.plan > p.plan',
      'm.plan > r.value',
    ])
    expect(analysis.order).toEqual(['t', 'p'])
    expect(analysis.problems).toMatchObject([
      { severity: 'warning', code: 'nothing-passed', node: 'p', field: 'plan' },
      { severity: 'warning', code: 'nothing-passed', node: 'r', field: 'value' },
      { severity: 'warning', code: 'does-not-run', node: 'r' },
    ])
  })
})

describe('mute', () => {
  const muted = { type: 'text', mode: 'mute' as const }

  it('takes the node out with its wires', () => {
    const analysis = look({ t: muted, p: { type: 'paint', values: { prompt: 'x' } } }, [
      't.text > p.negative',
    ])
    expect(analysis.order).toEqual(['p'])
    expect(at(analysis, 'p').inputs.size).toBe(0)
    expect(analysis.problems).toEqual([])
  })

  it('takes out what loses a value that it needs, and so on downstream, each with a warning', () => {
    const analysis = look({ t: muted, p: 'paint', s: 'save' }, ['t.text > p.prompt', 'p.images > s.image'])
    expect(analysis.order).toEqual([])
    expect(analysis.problems).toMatchObject([
      { severity: 'warning', code: 'does-not-run', node: 'p', message: expect.stringContaining('"prompt"') },
      { severity: 'warning', code: 'does-not-run', node: 's' },
    ])
  })

  it('keeps a node that has a typed value, a default or a plan for what it lost', () => {
    const analysis = look(
      { t: muted, l: 'planner', p: 'paint', b: { type: 'text', values: { text: 'typed' } } },
      ['t.text > p.prompt', 'l.plan > p.plan', 't.text > b.text'],
    )
    expect(analysis.order).toEqual(['l', 'b', 'p'])
  })
})
