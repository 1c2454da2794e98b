import { PlanographError } from '../../runtime/errors.ts'
import { defineNode } from '../define.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { field, output } from '../kinds/fields.ts'
import { keepInfotext } from '../services/picture-texts.ts'
import {
  decode,
  encode,
  fits,
  kernels,
  maxPixels,
  resize,
  type Size,
  writeImage,
} from '../services/pictures.ts'

const onlyBy = (by: string[], reason: string) => ({ when: { by }, reason })
const notBySize = onlyBy(['scale', 'longest', 'shortest'], 'Only used when resizing by size.')

export default defineNode({
  type: 'resize-image',
  version: 1,
  title: 'Resize image',
  category: 'image',
  aliases: ['scale', 'upscale', 'downscale', 'crop', 'pad', 'imagescale'],
  summary: 'Makes a picture larger or smaller, to a size, by a factor or by its longest side.',
  fields: {
    image: field.image({ title: 'Image', help: 'The picture to resize.' }),
    by: field.choice({
      choices: ['size', 'scale', 'longest', 'shortest'],
      labels: { size: 'Size', scale: 'Factor', longest: 'Longest side', shortest: 'Shortest side' },
      default: 'size',
      title: 'By',
      help: 'What decides the new size. All but "Size" keep the proportions.',
    }),
    width: field.integer({
      optional: true,
      min: 1,
      max: 16384,
      unit: 'px',
      title: 'Width',
      help: 'New width in pixels. Without it, it follows from the height.',
      noEffect: [notBySize],
    }),
    height: field.integer({
      optional: true,
      min: 1,
      max: 16384,
      unit: 'px',
      title: 'Height',
      help: 'New height in pixels. Without it, it follows from the width.',
      noEffect: [notBySize],
    }),
    scale: field.number({
      default: 2,
      min: 0.01,
      max: 16,
      step: 0.25,
      title: 'Factor',
      help: '2 makes it twice as wide and high, 0.5 half.',
      noEffect: [onlyBy(['size', 'longest', 'shortest'], 'Only used when resizing by a factor.')],
    }),
    side: field.integer({
      default: 1024,
      min: 1,
      max: 16384,
      unit: 'px',
      title: 'Side',
      help: 'Length of the longest or shortest side in pixels.',
      noEffect: [onlyBy(['size', 'scale'], 'Only used when resizing by a side.')],
    }),
    fit: field.choice({
      choices: fits,
      labels: { crop: 'Crop', pad: 'Pad', stretch: 'Stretch' },
      default: 'crop',
      title: 'Fit',
      help: 'When the proportions differ: cut off what does not fit, fill up with the background, or stretch.',
      noEffect: [onlyBy(['scale', 'longest', 'shortest'], 'The proportions stay.')],
    }),
    background: field.text({
      default: '#000000',
      widget: 'colour',
      fold: 'more',
      title: 'Background',
      help: 'Colour of what is filled up, such as #ffffff or white. "transparent" fills with nothing.',
      noEffect: [{ when: { fit: ['crop', 'stretch'] }, reason: 'Only used when padding.' }],
    }),
    kernel: field.choice({
      choices: kernels,
      labels: {
        lanczos: 'Lanczos',
        mitchell: 'Mitchell',
        cubic: 'Bicubic',
        linear: 'Bilinear',
        nearest: 'Nearest',
      },
      default: 'lanczos',
      fold: 'more',
      title: 'Method',
      help: 'Lanczos is sharpest. Nearest keeps hard pixels, for pixel art.',
    }),
  },
  outputs: { image: output.image({ help: 'The picture in its new size, a PNG. It keeps its parameters.' }) },
  cache: 'always',
  async run(ctx, { image, fit, kernel, background, ...wanted }) {
    const bytes = await ctx.blobs.read(image)
    const raster = await decode(bytes)
    const size = newSize(raster, wanted)
    const resized = await resize(raster, size, { fit, kernel, background })
    return { image: await writeImage(ctx, keepInfotext(bytes, await encode(resized)), resized) }
  },
  examples: [
    {
      title: 'Twice as large',
      values: { image: examplePictures.house, by: 'scale', scale: 2 },
      check({ image }) {
        if (image.width !== 96 || image.height !== 64) throw new Error(`${image.width} × ${image.height}`)
      },
    },
    {
      title: 'Cropped to a square',
      values: { image: examplePictures.house, width: 24, height: 24 },
      check({ image }) {
        if (image.width !== 24 || image.height !== 24) throw new Error(`${image.width} × ${image.height}`)
      },
    },
    {
      title: 'Without any size it asks for one',
      values: { image: examplePictures.house },
      fails: 'a width or a height',
    },
  ],
})

interface Wanted {
  by: 'size' | 'scale' | 'longest' | 'shortest'
  width?: number
  height?: number
  scale: number
  side: number
}

/** The new size in whole pixels, at least one each. Throws `invalid` when it is not said or too large. */
function newSize(old: Size, { by, width, height, scale, side }: Wanted): Size {
  const size = by === 'size' ? sizeOf(old, width, height) : scaled(old, factorOf(old, by, scale, side))
  if (size.width * size.height <= maxPixels) return size
  throw new PlanographError('invalid', `${size.width} × ${size.height} pixels are too many.`, {
    code: 'picture-too-large',
    hint: `At most ${maxPixels / 1e6} megapixels are made.`,
  })
}

function sizeOf(old: Size, width?: number, height?: number): Size {
  if (width && height) return { width, height }
  if (width) return { width, height: scaled(old, width / old.width).height }
  if (height) return { width: scaled(old, height / old.height).width, height }
  throw new PlanographError('invalid', 'Resizing by size needs a width or a height.', {
    hint: 'Set one of them, or both, or resize by a factor.',
  })
}

function factorOf(old: Size, by: 'scale' | 'longest' | 'shortest', scale: number, side: number): number {
  switch (by) {
    case 'scale':
      return scale
    case 'longest':
      return side / Math.max(old.width, old.height)
    case 'shortest':
      return side / Math.min(old.width, old.height)
  }
}

const scaled = ({ width, height }: Size, factor: number): Size => ({
  width: Math.max(1, Math.round(width * factor)),
  height: Math.max(1, Math.round(height * factor)),
})
