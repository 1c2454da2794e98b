import { describe, expect, it } from 'vitest'
import { nearest, suggestion } from '../../runtime/nearest.ts'

const names = ['steps', 'seed', 'sampler', 'scheduler', 'prompt', 'negative']

describe('nearest', () => {
  it('finds a name with letters left out, added, replaced or swapped, whatever the case', () => {
    expect(nearest('step', names)).toEqual(['steps'])
    expect(nearest('Sampller', names)).toEqual(['sampler'])
    expect(nearest('sede', names)).toEqual(['seed'])
  })

  it('finds names that hold what was written, after closer ones', () => {
    expect(nearest('neg', names)).toEqual(['negative'])
    expect(nearest('text', ['text-list', 'texts'])).toEqual(['texts', 'text-list'])
  })

  it('finds nothing where nothing is near', () => {
    expect(nearest('width', names)).toEqual([])
  })

  it('gives no more than asked for', () => {
    expect(nearest('aa', ['aa1', 'aa2', 'aa3', 'aa4'])).toEqual(['aa1', 'aa2', 'aa3'])
  })
})

describe('suggestion', () => {
  it('asks whether a near name was meant', () => {
    expect(suggestion('promt', names, 'Look.')).toBe('Did you mean "prompt"?')
  })

  it('shows a short choice in full, and else says what to do', () => {
    expect(suggestion('zzzzz', ['a', 'b'], 'Look.')).toBe('There is "a" and "b".')
    expect(suggestion('zzzzz', [], 'Look.')).toBe('Look.')
    expect(
      suggestion(
        'zzzzz',
        Array.from({ length: 13 }, (_, i) => `n${i}`),
        'Look.',
      ),
    ).toBe('Look.')
  })
})
