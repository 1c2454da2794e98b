import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countsFiles, formatName } from '../../../nodes/kinds/format-name.ts'

describe('a file name from tokens', () => {
  test('counts as wide as its zeros', () => {
    expect([formatName('{n:0000}', {}, 7), formatName('{n}', {}, 7), formatName('{n:0}', {}, 123)]).toEqual([
      '0007',
      '7',
      '123',
    ])
  })

  test('counts only when it says so', () => {
    expect([countsFiles('a-{n:00}'), countsFiles('{n}'), countsFiles('{name}')]).toEqual([true, true, false])
  })

  test('cuts long prompts between characters and long names to what file systems take', () => {
    const prompt = '森'.repeat(300)
    expect(formatName('{prompt}', { prompt }, 1)).toBe('森'.repeat(20))
    expect(
      new TextEncoder().encode(formatName('{workflow}', { workflow: prompt }, 1)).length,
    ).toBeLessThanOrEqual(180)
  })

  test('avoids the names of Windows devices', () => {
    expect(formatName('{workflow}', { workflow: 'con' }, 1)).toBe('_con')
    expect(formatName('nul.txt', {}, 1)).toBe('_nul.txt')
  })

  test('is "picture" when nothing is left', () => {
    expect(formatName('{seed}', {}, 1)).toBe('picture')
    expect(formatName('', {}, 1)).toBe('picture')
  })

  test('names one file below its folder whatever the tokens bring', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (workflow, prompt) => {
        const name = formatName('{workflow}', { workflow }, 1)
        const both = formatName('a/{prompt}', { prompt }, 1)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: file names must not have them
        expect(name).not.toMatch(/[/\\:*?"<>|\u0000-\u001f]/)
        expect(['', '.', '..']).not.toContain(name)
        expect(both.split('/').length).toBe(2)
      }),
    )
  })
})
