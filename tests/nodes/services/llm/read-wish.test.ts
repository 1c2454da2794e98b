import { describe, expect, it } from 'vitest'
import { readWish } from '../../../../nodes/services/llm/offline/read-wish.ts'

describe('reading a wish', () => {
  it.each([
    ['a lighthouse at sunset', ['a lighthouse at sunset']],
    ['Please paint me a picture of a red fox, in the snow', ['a red fox', 'in the snow']],
    ["I'd like a postcard of a boat, please", ['a boat']],
    ['a quick sketch of a cat on a hill', ['a cat on a hill']],
    ['a mountain landscape in the style of an oil painting', ['a mountain landscape']],
    ['pixel art of a dragon, 16:9', ['a dragon']],
    ['a model car in a city', ['a model car in a city']],
    ['', []],
  ])('finds the scene: %s', (text, scene) => {
    expect(readWish(text).scene).toEqual(scene)
  })

  it.each([
    ['a street, no people or cars', ['people', 'cars']],
    ['a street without any text', ['text']],
    ["a street. I don't want clouds in the picture", ['clouds']],
    ['a street but no fire, and avoid smoke', ['fire', 'smoke']],
    ['no more than a street', []],
  ])('finds what must not be there: %s', (text, avoid) => {
    expect(readWish(text).avoid).toEqual(avoid)
  })

  it.each([
    ['four variations of a cat', 4],
    ['a cat, 3 pictures', 3],
    ['a couple of versions of a cat', 2],
    ['two cats', undefined],
    ['a cat, 99 pictures', undefined],
  ])('finds how many: %s', (text, count) => {
    expect(readWish(text).count?.count).toBe(count)
  })

  it.each([
    ['a cat, wide', 'wide'],
    ['a portrait of a cat', 'portrait'],
    ['a cat as a postcard', 'postcard'],
    ['a cat, square', 'square'],
    ['a phone wallpaper with a cat', 'phone wallpaper'],
    ['a cat in a market square', undefined],
    ['a tall tree in a wide valley', undefined],
  ])('finds the format: %s', (text, format) => {
    expect(readWish(text).format?.id).toBe(format)
  })

  it.each([
    ['a cat, very detailed', 'finest'],
    ['a detailed cat', 'fine'],
    ['a rough draft of a cat', 'quick'],
    ['a cat', undefined],
  ])('finds how good it shall be: %s', (text, quality) => {
    expect(readWish(text).quality?.id).toBe(quality)
  })

  it.each([
    ['slightly warmer', 0.4],
    ['change it completely', 0.9],
    ['just touch up the sky', 0.25],
    ['make it night', undefined],
  ])('finds how much may change: %s', (text, denoise) => {
    expect(readWish(text).strength?.denoise).toBe(denoise)
  })

  it('finds style, mood, light and time of day, and quotes the words', () => {
    const wish = readWish('A cozy cabin at dusk in watercolor, golden hour')
    expect(wish.styles).toMatchObject([{ id: 'watercolour', said: 'watercolor' }])
    expect(wish.moods).toMatchObject([{ id: 'cosy', said: 'cozy' }])
    expect(wish.lights).toMatchObject([{ id: 'golden hour' }])
    expect(wish.time).toMatchObject({ id: 'dusk' })
  })

  it('takes parameters that are named with their numbers', () => {
    const wish = readWish(
      'a castle, 30 steps, cfg 5.5, 768x512, using DPM++ 2M Karras, seed 7, denoising strength 0.3',
    )
    expect(wish).toMatchObject({
      scene: ['a castle'],
      steps: 30,
      cfg: 5.5,
      size: { width: 768, height: 512 },
      sampler: 'DPM++ 2M',
      scheduler: 'Karras',
      seed: '7',
      denoise: 0.3,
    })
  })

  it('does not take a word for a sampler', () => {
    expect(readWish('a computer with a restart button')).toMatchObject({
      scene: ['a computer with a restart button'],
    })
  })
})
