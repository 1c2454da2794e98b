import { defineNode } from '../define.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { field, output } from '../kinds/fields.ts'
import { isDrawn } from '../kinds/mask.ts'
import { growMask, invertMask, shrinkMask } from '../kinds/mask-distance.ts'
import { type Grey, readMask, writeMask } from '../services/masks.ts'
import { decode, pipeline, rasterOf } from '../services/pictures.ts'

const pixels = { default: 0, min: 0, max: 1024, unit: 'px' } as const

export default defineNode({
  type: 'mask-adjust',
  version: 1,
  title: 'Adjust mask',
  category: 'mask',
  aliases: [
    'grow',
    'shrink',
    'expand',
    'contract',
    'feather',
    'blur',
    'invert',
    'dilate',
    'erode',
    'growmask',
  ],
  summary: 'Grows, shrinks, softens or inverts a mask: in the order of the fields.',
  fields: {
    mask: field.mask({ title: 'Mask', help: 'The mask to change. White is what will be repainted.' }),
    invert: field.boolean({
      default: false,
      title: 'Invert',
      help: 'Black and white change places, before the rest.',
    }),
    grow: field.integer({
      ...pixels,
      title: 'Grow',
      help: 'White grows by so many pixels all round. Growing and then shrinking as much closes small holes.',
    }),
    shrink: field.integer({
      ...pixels,
      title: 'Shrink',
      help: 'White shrinks by so many pixels all round, but not away from the edge of the picture.',
    }),
    feather: field.number({
      ...pixels,
      max: 512,
      step: 1,
      title: 'Feather',
      help: 'Makes the edge soft: it fades over about so many pixels, half of them inside and half outside.',
    }),
  },
  outputs: { mask: output.mask({ help: 'The changed mask, of the same size.' }) },
  cache: 'always',
  async run(ctx, { mask, invert, grow, shrink, feather }) {
    const grey = await readMask(ctx, mask)
    const turned = invert ? { ...grey, data: invertMask(grey.data) } : grey
    const grown = { ...turned, data: growMask(turned, grow) }
    const shrunk = { ...grown, data: shrinkMask(grown, shrink) }
    return { mask: await writeMask(ctx, await feathered(shrunk, feather)) }
  },
  examples: [
    {
      title: 'Grown by four pixels',
      values: { mask: examplePictures.mask, grow: 4 },
      async check({ mask }, { read }) {
        if (isDrawn(mask)) throw new Error('Expected pixels')
        const { data, width } = await decode(await read(mask))
        const row = Array.from({ length: width }, (_, x) => data[3 * (16 * width + x)])
        if (row.indexOf(255) !== 8) throw new Error(`White begins at ${row.indexOf(255)}, not at 8`)
      },
    },
    {
      title: 'A drawn mask, inverted',
      values: {
        mask: {
          size: [4, 1],
          strokes: [
            {
              tool: 'rectangle',
              points: [
                [0, 0],
                [2, 1],
              ],
              size: 1,
              hardness: 1,
              opacity: 1,
            },
          ],
        },
        invert: true,
      },
      async check({ mask }, { read }) {
        if (isDrawn(mask)) throw new Error('Expected pixels')
        const { data } = await decode(await read(mask))
        const row = [0, 1, 2, 3].map((x) => data[3 * x])
        if (row.join() !== '0,0,255,255') throw new Error(`Got ${row}`)
      },
    },
  ],
})

/** A Gaussian blur whose visible width is `pixels`: about two standard deviations to either side of the edge. */
async function feathered(grey: Grey, pixels: number): Promise<Grey> {
  const sigma = pixels / 4
  if (sigma < 0.3) return grey
  const { width, height } = grey
  const { data } = await rasterOf((await pipeline({ ...grey, channels: 1 })).blur(sigma).toColourspace('b-w'))
  return { width, height, data }
}
