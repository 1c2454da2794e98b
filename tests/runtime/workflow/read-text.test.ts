import { describe, expect, it } from 'vitest'
import { readText } from '../../../runtime/workflow/read-text.ts'

describe('readText', () => {
  it.each([
    ['text', '{"a": 1}', '{"a": 1}'],
    ['json', '{"a": 1}', { a: 1 }],
    ['json', 'not json', 'not json'],
    ['any', '24', 24],
    ['any', 'a cat', 'a cat'],
    ['model', 'sd15.safetensors', 'sd15.safetensors'],
    ['model', '{"name": "sd15"}', { name: 'sd15' }],
    ['model', '{broken', '{broken'],
    ['number', '1e3', 1000],
    ['number', '.5', 0.5],
    ['number', '0x10', '0x10'],
    ['number', '', ''],
    ['number', 'Infinity', 'Infinity'],
    ['integer', '9007199254740993', '9007199254740993'],
    ['boolean', 'On', true],
    ['boolean', '0', false],
    ['boolean', 'maybe', 'maybe'],
    ['boolean', 'constructor', 'constructor'],
  ])('reads for %s: %j', (kind, text, value) => {
    expect(readText(text, { kind })).toEqual(value)
  })

  it('reads a list from JSON, its items one by one, or takes the text as its only item', () => {
    expect(readText('[1, 2]', { kind: 'number', list: true })).toEqual([1, 2])
    expect(readText('3', { kind: 'number', list: true })).toEqual([3])
    expect(readText('[not a list', { kind: 'text', list: true })).toEqual(['[not a list'])
  })

  it('leaves auto alone only where that is the default', () => {
    expect(readText('auto', { kind: 'json', default: 'auto' })).toBe('auto')
  })

  it('reads named values from JSON', () => {
    expect(readText('{"a": 1}', { kind: 'number', named: true })).toEqual({ a: 1 })
    expect(readText('a', { kind: 'number', named: true })).toBe('a')
  })
})
