import { anyOf, type Scanner } from './scanner.ts'

/** A wish for more or less of something, and what turns it. */
export interface Dial {
  id: string
  words: readonly string[]
  /** Added to the prompt, and what it replaces there. */
  prompt?: string
  instead?: readonly string[]
  /** Factor on steps and size, difference on CFG scale and denoising strength. */
  steps?: number
  size?: number
  cfg?: number
  denoise?: number
  /** Ends "…, because": a true sentence about what the parameter does. */
  why?: string
}

export interface Turned extends Dial {
  said: string
}

const split = (words: string) => words.split(' | ')
const tones = ['warm light', 'cold light', 'warm', 'cool', 'cold']
const lightness = ['bright', 'dark']
const saturation = ['muted colours', 'vivid colours', 'vivid', 'pale']

export const dials: readonly Dial[] = [
  {
    id: 'more steps',
    words: split('more steps | more sampling steps | longer'),
    steps: 1.5,
    why: 'each step removes a little more noise, so edges and small things get cleaner',
  },
  {
    id: 'fewer steps',
    words: split('fewer steps | less steps | faster | quicker | speed it up'),
    steps: 0.6,
    why: 'time grows with the steps, and the rough picture is settled early',
  },
  {
    id: 'less saturated',
    words: split(
      'less saturated | less colourful | less colorful | desaturated | muted | oversaturated | over-saturated | too saturated | too colourful | too colorful | too vivid | colours too strong',
    ),
    prompt: 'muted colours',
    instead: saturation,
    cfg: -1,
    why: 'high guidance is the usual cause of overdone colours and contrast',
  },
  {
    id: 'more saturated',
    words: split(
      'more saturated | more colourful | more colorful | more vivid | more vibrant | vivid | vibrant | too pale | washed out',
    ),
    prompt: 'vivid colours',
    instead: saturation,
    cfg: 0.5,
    why: 'a little more guidance also strengthens colours',
  },
  {
    id: 'stricter',
    words: split(
      'closer to the prompt | follow the prompt more closely | follow the prompt | stick to the prompt | more literal | stricter | tighter | more precise | listen more closely',
    ),
    cfg: 1.5,
    why: 'the CFG scale says how hard the prompt pulls',
  },
  {
    id: 'freer',
    words: split('more freedom | more creative | looser | more natural | less literal | less strict'),
    cfg: -1.5,
    why: 'less guidance leaves the model more freedom and softer contrast',
  },
  {
    id: 'closer',
    words: split(
      'closer to the original | keep more of the original | keep more of the picture | keep more | less change | fewer changes | change less | too different | more like the original | changed too much',
    ),
    denoise: -0.15,
    why: 'less denoising leaves more of the picture as it was',
  },
  {
    id: 'further',
    words: split(
      'change more | more change | stronger effect | stronger | more different | too similar | not enough change | changed too little',
    ),
    denoise: 0.15,
    why: 'more denoising lets the prompt repaint more of the picture',
  },
  {
    id: 'larger',
    words: split(
      'higher resolution | larger picture | bigger picture | larger image | bigger image | more pixels',
    ),
    size: 1.25,
    why: 'more pixels hold more detail, at the price of time and memory',
  },
  {
    id: 'smaller',
    words: split('lower resolution | smaller picture | smaller image | fewer pixels'),
    size: 0.8,
    why: 'fewer pixels paint faster',
  },
  {
    id: 'more detail',
    words: split('more detailed | more detail | more details | sharper | crisper | too blurry | less blurry'),
    prompt: 'detailed',
    steps: 1.4,
    why: 'fine structure appears in the last steps',
  },
  {
    id: 'warmer',
    words: split('warmer | warmer light | warmer colours'),
    prompt: 'warm light',
    instead: tones,
  },
  {
    id: 'cooler',
    words: split('cooler | colder | colder light | cooler colours'),
    prompt: 'cold light',
    instead: tones,
  },
  { id: 'brighter', words: split('brighter | lighter | too dark'), prompt: 'bright', instead: lightness },
  { id: 'darker', words: split('darker | too bright'), prompt: 'dark', instead: lightness },
  { id: 'softer', words: split('softer | softer light | less harsh'), prompt: 'soft light' },
  {
    id: 'more contrast',
    words: split('more contrast | stronger contrast | punchier'),
    prompt: 'high contrast',
  },
  {
    id: 'calmer',
    words: split('simpler | calmer | less busy | too busy | less cluttered'),
    prompt: 'simple uncluttered composition',
  },
]

const before =
  '(?:\\b(?:the\\s+\\w+\\s+(?:is|are|looks?|look)|make it|it looks|it should be|it is|please|and|a bit|a little|slightly|much|somewhat|the colours are|use|with)\\s+)*'

/** Takes the dials that a text turns. "bigger moon" turns none: it speaks of a thing. */
export function takeDials(scanner: Scanner): Turned[] {
  return dials.flatMap((dial) => {
    const match = scanner.take(
      anyOf(
        dial.words,
        (inner) =>
          `(?<=^|[,;.]\\s*|\\band )${before}(${inner})(?=\\s*(?:[,;.!]|$|\\band\\b|\\bplease\\b|\\bbut\\b))`,
      ),
    )
    return match ? [{ ...dial, said: match[1] ?? dial.id }] : []
  })
}
