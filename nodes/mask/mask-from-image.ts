import type { Context } from '../../runtime/define-node.ts'
import { defineNode } from '../define.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { field, output } from '../kinds/fields.ts'
import { isDrawn } from '../kinds/mask.ts'
import { invertMask } from '../kinds/mask-distance.ts'
import { channelOf, luminanceOf, writeMask } from '../services/masks.ts'
import { decode, type Raster, readImage } from '../services/pictures.ts'

const channels = ['luminance', 'alpha', 'red', 'green', 'blue'] as const
type Channel = (typeof channels)[number]

export default defineNode({
  type: 'mask-from-image',
  version: 1,
  title: 'Mask from image',
  category: 'mask',
  aliases: ['image to mask', 'alpha', 'threshold', 'luminance', 'channel', 'imagetomask'],
  summary: 'Makes a mask from the brightness, a colour or the transparency of a picture.',
  fields: {
    image: field.image({ title: 'Image', help: 'The picture to make the mask from.' }),
    channel: field.choice({
      choices: channels,
      labels: { luminance: 'Brightness', alpha: 'Transparency', red: 'Red', green: 'Green', blue: 'Blue' },
      default: 'luminance',
      title: 'From',
      help: 'What becomes white: what is bright, what is see-through, or what has much of a colour.',
    }),
    threshold: field.number({
      optional: true,
      min: 0,
      max: 1,
      step: 0.01,
      title: 'Threshold',
      help: 'From this value on it is white, below it black. Without one, greys stay: they are repainted in part.',
    }),
    invert: field.boolean({ default: false, title: 'Invert', help: 'Black and white change places.' }),
  },
  outputs: { mask: output.mask({ help: 'The mask, of the size of the picture.' }) },
  cache: 'always',
  async run(ctx, { image, channel, threshold, invert }) {
    const raster = await readImage(ctx, image)
    const grey = greyFrom(ctx, raster, channel)
    const limit = (threshold ?? 0) * 255
    const cut = threshold === undefined ? grey : grey.map((value) => (value >= limit ? 255 : 0))
    const { width, height } = raster
    return { mask: await writeMask(ctx, { width, height, data: invert ? invertMask(cut) : cut }) }
  },
  examples: [
    {
      title: 'What is see-through becomes white',
      values: { image: examplePictures.badge, channel: 'alpha', threshold: 0.5 },
      async check({ mask }, { read }) {
        if (isDrawn(mask)) throw new Error('Expected pixels')
        const { data } = await decode(await read(mask))
        if (data[0] !== 255 || data[3 * (16 * 8 + 8)] !== 0)
          throw new Error('The corner must be white, the disc black')
      },
    },
    {
      title: 'A picture without transparency gives a black mask',
      values: { image: examplePictures.house, channel: 'alpha' },
      async check({ mask }, { read }) {
        if (isDrawn(mask)) throw new Error('Expected pixels')
        const { data } = await decode(await read(mask))
        if (data.some((value) => value > 0)) throw new Error('Expected black')
      },
    },
  ],
})

function greyFrom(ctx: Context, raster: Raster, channel: Channel): Uint8Array {
  const coloured = raster.channels >= 3
  switch (channel) {
    case 'luminance':
      return coloured ? luminanceOf(raster) : channelOf(raster, 0)
    case 'alpha':
      return transparencyOf(ctx, raster)
    case 'red':
      return channelOf(raster, 0)
    case 'green':
      return channelOf(raster, coloured ? 1 : 0)
    case 'blue':
      return channelOf(raster, coloured ? 2 : 0)
  }
}

function transparencyOf(ctx: Context, raster: Raster): Uint8Array {
  if (raster.channels === 2 || raster.channels === 4)
    return invertMask(channelOf(raster, raster.channels - 1))
  ctx.note('The picture has no transparency: the mask is black.')
  return new Uint8Array(raster.width * raster.height)
}
