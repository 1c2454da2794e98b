import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlain, parsePrompt, plainPrompt, refusedSyntax } from '../../../nodes/kinds/prompt-syntax.ts'

const texts = (prompt: string) => parsePrompt(prompt).map((part) => ('break' in part ? 'BREAK' : part.text))
const weights = (prompt: string) => parsePrompt(prompt).map((part) => ('break' in part ? 0 : part.weight))

describe('parsePrompt', () => {
  // The examples that A1111 documents.
  it.each<[string, [string, number][]]>([
    ['normal text', [['normal text', 1]]],
    [
      'an (important) word',
      [
        ['an ', 1],
        ['important', 1.1],
        [' word', 1],
      ],
    ],
    ['(unbalanced', [['unbalanced', 1.1]]],
    ['\\(literal\\]', [['(literal]', 1]]],
    ['(unnecessary)(parens)', [['unnecessaryparens', 1.1]]],
    [
      'a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).',
      [
        ['a ', 1],
        ['house', 1.573],
        [' ', 1.1],
        ['on', 1],
        [' a ', 1.1],
        ['hill', 0.55],
        [', sun, ', 1.1],
        ['sky', 1.4641],
        ['.', 1.1],
      ],
    ],
  ])('reads %j as A1111 does', (prompt, expected) => {
    expect(texts(prompt)).toEqual(expected.map(([text]) => text))
    for (const [i, weight] of weights(prompt).entries()) expect(weight).toBeCloseTo(expected[i]?.[1] ?? 0, 9)
  })

  it('lowers the weight in square brackets', () => {
    expect(weights('[less]')[0]).toBeCloseTo(1 / 1.1, 9)
  })

  it('multiplies nested weights', () => {
    expect(weights('((a:2) b:3)')[0]).toBeCloseTo(6, 9)
  })

  it('takes a weight without a leading digit, with a sign, and with spaces', () => {
    expect([weights('(a:.5)')[0], weights('(a:-1)')[0], weights('(a: 1.25 )')[0]]).toEqual([0.5, -1, 1.25])
  })

  it('takes a colon that no weight follows for text', () => {
    expect(texts('ratio 16:9 (a:b)')).toEqual(['ratio 16:9 ', 'a:b'])
  })

  it('takes a weight outside of round brackets for text', () => {
    expect(texts('a:1.2) b')).toEqual(['a:1.2) b'])
  })

  it('takes closing brackets without an opening one for text', () => {
    expect(texts('a) b] c')).toEqual(['a) b] c'])
  })

  it('reads an escaped backslash', () => {
    expect(texts('a \\\\ b')).toEqual(['a \\ b'])
  })

  it('breaks at BREAK in upper case, eating the spaces around it', () => {
    expect(texts('a cat BREAK a dog')).toEqual(['a cat', 'BREAK', 'a dog'])
  })

  it('leaves BREAKFAST and break alone', () => {
    expect(texts('BREAKFAST at break')).toEqual(['BREAKFAST at break'])
  })

  it('breaks within brackets and keeps the weight on both sides', () => {
    expect(parsePrompt('(a BREAK b:2)')).toEqual([
      { text: 'a', weight: 2 },
      { break: true },
      { text: 'b', weight: 2 },
    ])
  })

  it('gives one empty part for an empty prompt', () => {
    expect(parsePrompt('')).toEqual([{ text: '', weight: 1 }])
  })

  it('never fails and never loses a word', () => {
    const pieces = fc.constantFrom('cat', '(', ')', '[', ']', ':', '1.2', '\\', ' ', ':1.3)', ',')
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (list) => {
        const words = (text: string) => text.split('cat').length - 1
        expect(words(plainPrompt(list.join('')))).toBe(list.filter((piece) => piece === 'cat').length)
      }),
    )
  })
})

describe('isPlain', () => {
  it('is true for text without weights and breaks only', () => {
    expect([
      isPlain(parsePrompt('a cat')),
      isPlain(parsePrompt('a (cat)')),
      isPlain(parsePrompt('a BREAK b')),
    ]).toEqual([true, false, false])
  })
})

describe('refusedSyntax', () => {
  it.each([
    ['a <lora:ink:0.8> cat', '<lora:ink:0.8>'],
    ['a [cat:dog:0.5]', '[cat:dog:0.5]'],
    ['a [hat:10]', '[hat:10]'],
    ['a [cat|dog]', '[cat|dog]'],
    ['a cat AND a dog', 'AND'],
  ])('finds what only A1111 understands in %j', (prompt, text) => {
    expect(refusedSyntax(prompt)?.text).toBe(text)
  })

  it.each(['a (cat:1.2) [dog] BREAK night', 'sand and SAND', 'at [10] o clock', ''])(
    'finds nothing in %j',
    (prompt) => {
      expect(refusedSyntax(prompt)).toBeUndefined()
    },
  )
})
