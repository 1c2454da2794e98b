/** Words of a wish that say how to paint, not what. */

const split = (words: string) => words.split(' | ')

/** A shape of picture. */
export interface Format {
  id: string
  words: readonly string[]
  /** Words that may as well be part of the scene ("a market square"): read only when they stand alone. */
  alone: readonly string[]
  /** Width : height. */
  ratio: readonly [number, number]
}

const format = (id: string, width: number, height: number, words: string, alone = ''): Format => ({
  id,
  words: split(words),
  alone: alone === '' ? [] : split(alone),
  ratio: [width, height],
})

export const formats: readonly Format[] = [
  format('phone wallpaper', 9, 16, 'phone wallpaper | phone background | lock screen | story format | 9:16'),
  format(
    'cinematic',
    16,
    9,
    'cinematic | widescreen | wide screen | desktop wallpaper | 16:9',
    'wallpaper | banner',
  ),
  format('panorama', 2, 1, 'panorama | panoramic | ultra wide | ultrawide | very wide | 2:1'),
  format('postcard', 3, 2, 'postcard | greeting card'),
  format('poster', 2, 3, 'book cover | cover art | flyer', 'poster'),
  format(
    'square',
    1,
    1,
    'square format | square picture | square image | album cover | avatar | 1:1',
    'square | icon',
  ),
  format(
    'portrait',
    2,
    3,
    'portrait format | portrait orientation | portrait | upright format | vertical format | tall format | 2:3 | 3:4 | 4:5',
    'vertical | upright | tall',
  ),
  format(
    'wide',
    3,
    2,
    'landscape format | landscape orientation | wide format | wide picture | wide shot | landscape | 3:2 | 4:3',
    'wide | horizontal | wider',
  ),
]

export interface Quality {
  id: 'quick' | 'fine' | 'finest'
  words: readonly string[]
  /** Times the family's steps. */
  steps: number
  /** For families that were trained with such tags. */
  prompt: string
}

export const qualities: readonly Quality[] = [
  {
    id: 'finest',
    words: split(
      'best quality | highest quality | best possible quality | very detailed | extremely detailed | highly detailed | ' +
        'lots of detail | masterpiece | for print | print quality',
    ),
    steps: 1.75,
    prompt: 'highly detailed, intricate, sharp focus',
  },
  {
    id: 'quick',
    words: split(
      'quick sketch | rough sketch | quick draft | rough draft | quickly | quick | draft | just a test',
    ),
    steps: 0.6,
    prompt: '',
  },
  {
    id: 'fine',
    words: split(
      'high quality | good quality | fine details | fine detail | detailed | intricate | polished',
    ),
    steps: 1.4,
    prompt: 'detailed, sharp focus',
  },
]

/** How much of a picture an edit may change. */
export interface Strength {
  id: 'hardly' | 'slightly' | 'clearly' | 'completely'
  words: readonly string[]
  denoise: number
}

export const strengths: readonly Strength[] = [
  {
    id: 'hardly',
    words: split('hardly | barely | very slightly | ever so slightly | a tiny bit | touch up | retouch'),
    denoise: 0.25,
  },
  {
    id: 'slightly',
    words: split(
      'slightly | a little bit | just a little | a little | a bit | subtly | gently | carefully | lightly | ' +
        'keep the composition | keep the layout | mostly the same',
    ),
    denoise: 0.4,
  },
  {
    id: 'completely',
    words: split('completely | totally | entirely | from scratch | radically | drastically | reimagine'),
    denoise: 0.9,
  },
  { id: 'clearly', words: split('strongly | clearly | a lot | heavily | boldly'), denoise: 0.75 },
]

/** Counts in words, longest first. */
export const counts: Readonly<Record<string, number>> = {
  'a couple of': 2,
  'a single': 1,
  'a dozen': 12,
  'a few': 3,
  several: 4,
  some: 4,
  sixteen: 16,
  twelve: 12,
  three: 3,
  seven: 7,
  eight: 8,
  four: 4,
  five: 5,
  nine: 9,
  one: 1,
  two: 2,
  six: 6,
  ten: 10,
}
