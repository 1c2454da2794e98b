import type { Context } from '../../runtime/define-node.ts'
import { defineNode } from '../define.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { field, output } from '../kinds/fields.ts'
import type { Mask } from '../kinds/mask.ts'
import { readMask } from '../services/masks.ts'
import { keepInfotext } from '../services/picture-texts.ts'
import {
  decode,
  encode,
  pipeline,
  type Raster,
  rasterOf,
  readImage,
  writeImage,
} from '../services/pictures.ts'
import type { Services } from '../services/services.ts'

const blends = [
  'over',
  'multiply',
  'screen',
  'overlay',
  'darken',
  'lighten',
  'color-dodge',
  'color-burn',
  'hard-light',
  'soft-light',
  'difference',
  'exclusion',
  'add',
] as const

const blendLabels = {
  over: 'Normal',
  multiply: 'Multiply',
  screen: 'Screen',
  overlay: 'Overlay',
  darken: 'Darken',
  lighten: 'Lighten',
  'color-dodge': 'Colour dodge',
  'color-burn': 'Colour burn',
  'hard-light': 'Hard light',
  'soft-light': 'Soft light',
  difference: 'Difference',
  exclusion: 'Exclusion',
  add: 'Add',
}

export default defineNode({
  type: 'composite',
  version: 1,
  title: 'Composite',
  category: 'image',
  aliases: ['overlay', 'blend', 'layer', 'watermark', 'paste', 'merge', 'imagecompositemasked'],
  summary: 'Lays one picture over another.',
  fields: {
    image: field.image({ title: 'Image', help: 'The picture below. The result has its size.' }),
    over: field.image({
      title: 'Over',
      help: 'The picture to lay over it, in its own size. Its transparency counts.',
    }),
    mask: field.mask({
      optional: true,
      title: 'Mask',
      help: 'Where the upper picture shows: white = fully. Stretched to the size of the upper picture.',
    }),
    x: field.integer({
      default: 0,
      min: -16384,
      max: 16384,
      unit: 'px',
      title: 'X',
      help: 'Pixels from the left edge to the upper picture. Negative begins outside.',
    }),
    y: field.integer({
      default: 0,
      min: -16384,
      max: 16384,
      unit: 'px',
      title: 'Y',
      help: 'Pixels from the top edge to the upper picture. Negative begins outside.',
    }),
    opacity: field.number({
      default: 1,
      min: 0,
      max: 1,
      step: 0.01,
      widget: 'slider',
      title: 'Opacity',
      help: '1 covers fully, 0 not at all.',
    }),
    blend: field.choice({
      choices: blends,
      labels: blendLabels,
      default: 'over',
      fold: 'more',
      title: 'Blend mode',
      help: 'How colours meet, as in every picture editor.',
    }),
  },
  outputs: {
    image: output.image({ help: 'Both together, a PNG. It keeps the parameters of the picture below.' }),
  },
  cache: 'always',
  async run(ctx, { image, over, mask, x, y, opacity, blend }) {
    const bytes = await ctx.blobs.read(image)
    const base = await decode(bytes, 'The picture below')
    const layer = await layerOf(ctx, over, mask, opacity)
    const visible = cut(layer, base, x, y)
    if (!visible) ctx.note('The upper picture lies outside the lower one: nothing of it shows.')
    const result = visible ? await blended(base, visible, blend) : base
    return { image: await writeImage(ctx, keepInfotext(bytes, await encode(result)), result) }
  },
  examples: [
    {
      title: 'A badge in the corner',
      values: { image: examplePictures.house, over: examplePictures.badge, x: 30, y: 2 },
      async check({ image }, { read }) {
        const { data } = await decode(await read(image))
        const at = (x: number, y: number) => [...data.subarray(3 * (48 * y + x), 3 * (48 * y + x) + 3)].join()
        if (at(38, 10) !== '229,72,77') throw new Error(`The badge's middle is ${at(38, 10)}`)
        if (at(2, 2) !== '142,201,240') throw new Error(`The sky is ${at(2, 2)}`)
      },
    },
    {
      title: 'Outside the picture it changes nothing',
      values: { image: examplePictures.house, over: examplePictures.badge, x: 500 },
      check({ image }) {
        if (image.width !== 48 || image.height !== 32) throw new Error(`${image.width} × ${image.height}`)
      },
    },
  ],
})

/** The upper picture as RGBA, its alpha lowered by opacity and mask. */
async function layerOf(
  ctx: Context<Services>,
  over: Parameters<typeof readImage>[1],
  mask: Mask | undefined,
  opacity: number,
): Promise<Raster> {
  const raster = await readImage(ctx, over, 'The upper picture')
  const layer = await rasterOf((await pipeline(raster)).toColourspace('srgb').ensureAlpha())
  const shows = mask && (await readMask(ctx, mask, layer)).data
  const data = layer.data.slice()
  for (let pixel = 0, at = 3; at < data.length; pixel++, at += 4)
    data[at] = Math.round((data[at] ?? 0) * opacity * (shows ? (shows[pixel] ?? 0) / 255 : 1))
  return { ...layer, data }
}

interface Placed extends Raster {
  left: number
  top: number
}

/** The part of a layer that lies over the base; undefined when there is none. */
function cut(layer: Raster, base: Raster, x: number, y: number): Placed | undefined {
  const left = Math.max(0, x)
  const top = Math.max(0, y)
  const width = Math.min(base.width, x + layer.width) - left
  const height = Math.min(base.height, y + layer.height) - top
  if (width <= 0 || height <= 0) return undefined
  const data = new Uint8Array(width * height * 4)
  for (let row = 0; row < height; row++) {
    const from = ((top - y + row) * layer.width + left - x) * 4
    data.set(layer.data.subarray(from, from + width * 4), row * width * 4)
  }
  return { width, height, channels: 4, data, left, top }
}

/** The base keeps being opaque when it was. */
async function blended(base: Raster, layer: Placed, blend: (typeof blends)[number]): Promise<Raster> {
  const { width, height, left, top } = layer
  const input = Buffer.from(layer.data.buffer, layer.data.byteOffset, layer.data.byteLength)
  const picture = (await pipeline(base)).composite([
    { input, raw: { width, height, channels: 4 }, left, top, blend },
  ])
  const opaque = base.channels === 1 || base.channels === 3
  return rasterOf(opaque ? picture.removeAlpha() : picture)
}
