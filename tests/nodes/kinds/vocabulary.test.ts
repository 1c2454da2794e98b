import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nearWishes, readPrompt, Vocabulary } from '../../../nodes/kinds/vocabulary.ts'

const file = new URL('../../../models/planograph-demo/vocabulary.json', import.meta.url)
const vocabulary = Vocabulary.parse(JSON.parse(readFileSync(file, 'utf8')))
const read = (text: string) => readPrompt(vocabulary, text)

describe('readPrompt', () => {
  it('names subject, colour, setting, time and style by the words of the vocabulary', () => {
    expect(read('A crimson sailboat on the ocean at sunset, aquarelle')).toMatchObject({
      subject: 'boat',
      colours: ['red'],
      setting: 'sea',
      time: 'dusk',
      style: 'watercolour',
      unknown: [],
    })
  })

  it('takes the longest phrase: a hot air balloon is one thing', () => {
    expect(read('a hot air balloon').subject).toBe('balloon')
  })

  it('takes "snow white" for a colour and not for snow', () => {
    expect(read('a snow white cat')).toMatchObject({ subject: 'cat', colours: ['white'], setting: undefined })
  })

  it('reads plurals like the singular', () => {
    expect([read('two lighthouses').subject, read('kitties').subject]).toEqual(['lighthouse', 'cat'])
  })

  it('takes the first subject and all colours in their order', () => {
    expect(read('a green tree and a red house')).toMatchObject({ subject: 'tree', colours: ['green', 'red'] })
  })

  it('names each unknown word once', () => {
    expect(read('a dragon, a DRAGON and a castle').unknown).toEqual(['dragon', 'castle'])
  })

  it("does not call the s of cat's unknown", () => {
    expect(read("the cat's house").unknown).toEqual([])
  })

  it('reads through weights and brackets', () => {
    expect(read('(red:1.3) [house]')).toMatchObject({ subject: 'house', colours: ['red'] })
  })

  it('finds nothing in an empty prompt', () => {
    expect(read('')).toEqual({
      subject: undefined,
      colours: [],
      setting: undefined,
      time: undefined,
      style: undefined,
      known: [],
      unknown: [],
    })
  })
})

describe('nearWishes', () => {
  it('keeps what was understood and offers six subjects', () => {
    const wishes = nearWishes(vocabulary, read('a purple dragon at night in the snow'))
    expect(wishes).toHaveLength(6)
    for (const wish of wishes) expect(wish).toMatch(/^a purple \w+, snow, night$/)
  })

  it('puts the subject first that a mistyped word is closest to', () => {
    expect(nearWishes(vocabulary, read('a lihgthouse'))[0]).toBe('a lighthouse')
  })

  it('offers what the vocabulary can draw', () => {
    for (const wish of nearWishes(vocabulary, read('xyz'))) expect(read(wish).subject).toBeDefined()
  })

  it('says "an apple"', () => {
    expect(nearWishes(vocabulary, read('appel'))[0]).toBe('an apple')
  })
})
