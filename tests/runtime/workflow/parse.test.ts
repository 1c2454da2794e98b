import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFault } from '../../../runtime/workflow/json-fault.ts'
import { parse } from '../../../runtime/workflow/parse.ts'
import { sample } from '../check/sample-catalog.ts'
import { postcard } from './sample.ts'

/** The problems of a text that must not be read. */
function problemsOf(
  source: string | object,
  ...rest: [Parameters<typeof parse>[1]?, Parameters<typeof parse>[2]?]
) {
  const parsed = parse(source, ...rest)
  if (parsed.ok) throw new Error('it was read')
  return parsed.problems
}

describe('parse', () => {
  it('reads a workflow from text and from an object alike', () => {
    expect(parse(postcard)).toEqual(parse(JSON.parse(postcard)))
    expect(parse(postcard)).toMatchObject({ ok: true, workflow: { name: 'Sunset postcard' }, warnings: [] })
  })

  it('reads a file with a byte order mark', () => {
    expect(parse(`\uFEFF${postcard}`).ok).toBe(true)
  })

  it('takes a file without edges', () => {
    expect(parse({ planograph: 1, nodes: {} })).toMatchObject({ ok: true, workflow: { edges: [] } })
  })

  it('keeps unknown node types and unknown keys at every level', () => {
    const file = {
      planograph: 1,
      future: { a: [1] },
      nodes: { x: { type: 'not-installed', version: 7, values: { a: { deep: true } }, colour: 'red' } },
      edges: [{ from: 'x.a', to: 'y.b', label: 'hi' }],
      inputs: { i: { to: 'x.a', secret: 1 } },
    }
    expect(parse(file, sample)).toEqual({ ok: true, workflow: file, warnings: [] })
  })

  it.each([
    ['a comma before a closing brace', '{\n  "planograph": 1,\n}', 3, 1, /comma before the closing "}"/],
    ['a comma before a closing bracket', '{"a": [1,]}', 1, 10, /comma before the closing "]"/],
    ['a missing comma', '{\n "a": 1\n "b": 2}', 3, 2, /comma is missing before "b"/],
    ['a missing colon', '{"a" 1}', 1, 6, /":" is expected, but there is "1"/],
    ['single quotes', "{'a': 1}", 1, 2, /double quotes/],
    ['a name without quotes', '{a: 1}', 1, 2, /name in double quotes or "}" is expected, but there is "a"/],
    ['a comment', '{"a": 1 // one\n}', 1, 9, /no comments/],
    ['a text that is not closed', '{"a": "b\n}', 1, 7, /not closed/],
    ['a wrong escape', '{"a": "C:\\dir"}', 1, 7, /wrong escape/],
    ['a number that JSON has not', '{"a": 01}', 1, 7, /value is expected, but there is "01"/],
    ['a word that JSON has not', '{"a": undefined}', 1, 7, /"undefined"/],
    ['an end that comes too early', '{"a": [1, 2', 1, 12, /ends too early/],
    ['something after the end', '{} {}', 1, 4, /end of the file is expected/],
    ['nothing at all', ' \n', 2, 1, /empty/],
    ['a git conflict', '{\n<<<<<<< ours\n"a": 1}', 2, 1, /git conflict/],
  ])('says where %s breaks the JSON', (_, text, line, column, message) => {
    expect(problemsOf(text)).toEqual([
      {
        severity: 'error',
        code: 'broken-json',
        place: `line ${line}, column ${column}`,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/\w+ .*\./),
      },
    ])
  })

  it.each([['[]'], ['"text"'], ['null'], ['7']])('refuses %s, which is no object', (text) => {
    expect(problemsOf(text)).toMatchObject([{ code: 'not-a-workflow' }])
  })

  it('refuses a file of a newer format with the reason', () => {
    expect(problemsOf({ planograph: 2, nodes: 'of another shape' })).toMatchObject([
      {
        code: 'wrong-format',
        message: expect.stringContaining('newer Planograph (format 2'),
        hint: expect.stringContaining('Update'),
      },
    ])
  })

  it('refuses JSON that is no workflow, and points to import', () => {
    expect(problemsOf({ last_node_id: 9, nodes: [] })).toMatchObject([
      {
        code: 'wrong-format',
        message: expect.stringContaining('no "planograph" version'),
        hint: expect.stringContaining('import'),
      },
    ])
  })

  it('reports everything that has the wrong shape at once, each with its place', () => {
    const problems = problemsOf({
      planograph: 1,
      nodes: { 'a b': { type: 't' }, x: { type: 't', at: [1] }, y: { values: 3 } },
      edges: [{ from: 'x', to: 'y.f' }, { from: 'x.a' }],
    })
    expect(problems.map(({ place, node, message }) => ({ place, node, message }))).toEqual([
      { place: 'nodes.a b', node: 'a b', message: expect.stringContaining('1 to 64 letters') },
      { place: 'nodes.x.at', node: 'x', message: '"nodes.x.at" must have at least 2 items, but has 1.' },
      { place: 'nodes.y.type', node: 'y', message: '"nodes.y.type" is missing.' },
      { place: 'nodes.y.values', node: 'y', message: '"nodes.y.values" must be an object, but is 3.' },
      { place: 'edges[0].from', message: expect.stringContaining('write it as "node.output"') },
      { place: 'edges[1].to', message: '"edges[1].to" is missing.' },
    ])
  })

  it('refuses a node called __proto__, which would be lost in every table', () => {
    expect(parse('{"planograph": 1, "nodes": {"__proto__": {"type": "t"}, "a": {"type": "t"}}}').ok).toBe(
      false,
    )
  })

  it('refuses values that are nested too deeply to be looked at', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(
      problemsOf(`{"planograph": 1, "nodes": {"a": {"type": "t", "values": {"v": ${deep}}}}}`),
    ).toMatchObject([{ code: 'too-deep' }])
  })

  it('warns of a name that stands twice in one object, and of no other', () => {
    const text = `{
      "planograph": 1,
      "nodes": {
        "a": { "type": "t", "values": { "x": [{ "q": 1 }, { "q": 1, "\\u0071": 2 }], "b": "{\\"a\\": 1" } },
        "b": { "type": "t" },
        "a": { "type": "u" }
      }
    }`
    expect(parse(text)).toMatchObject({
      ok: true,
      workflow: { nodes: { a: { type: 'u' } } },
      warnings: [{ severity: 'warning', code: 'duplicate-name', place: 'nodes.a' }],
    })
  })

  it('finds the fault of exactly those texts that are not JSON', () => {
    const text = fc.jsonValue().map((value) => JSON.stringify(value, null, 1))
    const signs = [
      '',
      ',',
      ':',
      '"',
      '{',
      '}',
      '[',
      ']',
      '\\',
      '1',
      '-',
      '.',
      'e',
      't',
      '\n',
      '\u0007',
      ' ',
      '\ud83d',
    ]
    const damage = fc.tuple(text, fc.nat(), fc.nat(3), fc.constantFrom(...signs))
    fc.assert(
      fc.property(damage, ([whole, place, length, sign]) => {
        const at = place % (whole.length + 1)
        const damaged = whole.slice(0, at) + sign + whole.slice(at + length)
        const fault = jsonFault(damaged)
        expect(fault === undefined).toBe(isJson(damaged))
        expect(fault?.line ?? 1).toBeGreaterThan(0)
      }),
      { numRuns: 2000 },
    )
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
