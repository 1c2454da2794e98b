import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { infotextOfTexts, readInfotext } from '../../../nodes/kinds/dialects.ts'
import { parseInfotext, printInfotext } from '../../../nodes/kinds/infotext.ts'
import { infotextOf, metadataOf, type PictureMetadata } from '../../../nodes/kinds/picture-metadata.ts'

const folder = new URL('../../golden/infotext/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const files = readdirSync(folder)

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        'a',
        ' ',
        '\n',
        '\r',
        ',',
        ':',
        '"',
        '\\',
        '{',
        '[',
        ']',
        '}',
        'Steps: 20, ',
        'Negative prompt:',
        'Exact',
        'CFG scale: 7,',
        'é',
        '森',
        '\t',
        '\u2028',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
)
const key = fc
  .stringMatching(/^[A-Za-z0-9_äж][A-Za-z0-9_ \-/äж]{1,20}$/u)
  .filter((name) => !name.startsWith('Exact'))
const infotext = fc.record({
  prompt: text,
  negative: text,
  parameters: fc.dictionary(key, text, { maxKeys: 6, noNullPrototype: true }),
})

describe('infotext', () => {
  test.each(files.filter((name) => name.endsWith('.txt')))('reads %s', (name) => {
    const found = readInfotext(read(name))
    const golden: unknown = JSON.parse(read(name.replace('.txt', '.json')))
    expect({ infotext: found, metadata: metadataOf(found) }).toEqual(golden)
  })

  test('reads the texts that NovelAI leaves in a PNG', () => {
    const texts = z.record(z.string(), z.string()).parse(JSON.parse(read('novelai.texts.json')))
    expect(infotextOfTexts(texts)).toEqual(JSON.parse(read('novelai.json')))
  })

  test('says nothing about a picture that says nothing', () => {
    expect(infotextOfTexts({ Software: 'GIMP', Comment: 'hello' })).toBeUndefined()
    expect(infotextOfTexts({ parameters: '  ' })).toBeUndefined()
  })

  test('is read back as it was written, whatever the prompts and values hold', () => {
    fc.assert(
      fc.property(infotext, (each) => {
        expect(parseInfotext(printInfotext(each))).toEqual(each)
      }),
      { numRuns: 2000 },
    )
  })

  test('is written like A1111 wherever A1111 can hold it', () => {
    const printed = printInfotext({
      prompt: 'a house\non a hill',
      negative: 'fog',
      parameters: { Steps: '20', Sampler: 'Euler a', Seed: '5', 'Lora hashes': 'a: 1, b: 2' },
    })
    expect(printed).toBe(
      'a house\non a hill\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, Seed: 5, Lora hashes: "a: 1, b: 2"',
    )
  })

  test('leaves no line for a negative prompt that is empty', () => {
    const printed = printInfotext({
      prompt: 'a',
      negative: '',
      parameters: { Steps: '1', Seed: '2', Size: '8x8' },
    })
    expect(printed).toBe('a\nSteps: 1, Seed: 2, Size: 8x8')
  })

  test('takes a last line with fewer than three pairs as part of the prompt', () => {
    expect(parseInfotext('a fox\nmood: calm, light: soft')).toEqual({
      prompt: 'a fox\nmood: calm, light: soft',
      negative: '',
      parameters: {},
    })
  })

  test('reads a negative prompt and the parameters on one line, as Civitai may write them', () => {
    expect(parseInfotext('a city\nNegative prompt: fog, rain Steps: 30, Sampler: Euler, Seed: 1')).toEqual({
      prompt: 'a city',
      negative: 'fog, rain',
      parameters: { Steps: '30', Sampler: 'Euler', Seed: '1' },
    })
  })

  test('reads lines that end as on Windows', () => {
    expect(parseInfotext('a\r\nb\r\nNegative prompt: c\r\nSteps: 1, Seed: 2, Size: 8x8\r\n')).toEqual({
      prompt: 'a\nb',
      negative: 'c',
      parameters: { Steps: '1', Seed: '2', Size: '8x8' },
    })
  })

  test('drops empty values and lets the last of two equal keys win', () => {
    expect(parseInfotext('p\nSteps: 1, Seed: , Steps: 2, Size: 8x8').parameters).toEqual({
      Steps: '2',
      Size: '8x8',
    })
  })

  test('keeps a value as it is when its quotes hold no JSON', () => {
    expect(parseInfotext('p\nSteps: 1, Note: "\\x", Size: 8x8').parameters.Note).toBe('"\\x"')
  })

  test('refuses a parameter whose name the grammar cannot hold', () => {
    expect(() => printInfotext({ prompt: '', negative: '', parameters: { 'a,b': '1' } })).toThrow('"a,b"')
  })

  test('reads any text without failing', () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(typeof readInfotext(each).prompt).toBe('string')
      }),
    )
  })

  test('is read in time that grows with its length, also when someone means harm', () => {
    const hostile = [
      `${'a'.repeat(200_000)}`,
      ' '.repeat(200_000),
      'aa: "'.repeat(40_000),
      'aa: {,'.repeat(20_000),
    ]
    for (const each of hostile) expect(readInfotext(each)).toBeDefined()
  })
})

const metadata: fc.Arbitrary<PictureMetadata> = fc
  .record(
    {
      prompt: text,
      negative: text,
      steps: fc.integer({ min: 1, max: 150 }),
      sampler: fc.constantFrom('Euler a', 'DPM++ 2M'),
      scheduler: fc.constantFrom('Karras', 'Automatic'),
      cfg: fc.double({ min: 0, max: 30, noNaN: true }).map((value) => Math.abs(value)),
      seed: fc.oneof(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }).map(String),
      ),
      size: fc.record({
        width: fc.integer({ min: 8, max: 4096 }),
        height: fc.integer({ min: 8, max: 4096 }),
      }),
      modelHash: fc.constant('6ce0161689'),
      model: text.filter((name) => name !== ''),
      denoise: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => Math.abs(value)),
      clipSkip: fc.integer({ min: 2, max: 12 }),
      more: fc.dictionary(
        key.filter((name) => name.startsWith('x')),
        text,
        { minKeys: 1, maxKeys: 3, noNullPrototype: true },
      ),
    },
    { requiredKeys: ['prompt', 'negative'] },
  )
  .map(({ size, ...rest }) => ({ ...rest, ...size }))

describe('picture metadata', () => {
  test('comes back from the infotext it was written as', () => {
    fc.assert(
      fc.property(metadata, (each) => {
        expect(metadataOf(parseInfotext(printInfotext(infotextOf(each))))).toEqual(each)
      }),
      { numRuns: 1000 },
    )
  })

  test('is written in the order of A1111, with the version last', () => {
    const printed = printInfotext(
      infotextOf({
        prompt: 'a',
        negative: '',
        model: 'm',
        seed: 1,
        steps: 2,
        sampler: 'Euler',
        clipSkip: 1,
        width: 8,
        height: 16,
        more: { Version: 'Planograph', 'Mask blur': '4' },
      }),
    )
    expect(printed).toBe(
      'a\nSteps: 2, Sampler: Euler, Seed: 1, Size: 8x16, Model: m, Mask blur: 4, Version: Planograph',
    )
  })

  test('keeps a value that is not what its label promises', () => {
    const found = metadataOf({ prompt: '', negative: '', parameters: { Steps: 'many', Seed: '-1' } })
    expect(found).toEqual({ prompt: '', negative: '', more: { Steps: 'many', Seed: '-1' } })
  })

  test('keeps seeds beyond 2^53 digit for digit', () => {
    const parameters = { Seed: '18446744073709551615' }
    expect(metadataOf({ prompt: '', negative: '', parameters }).seed).toBe('18446744073709551615')
  })
})
