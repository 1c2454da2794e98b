import { PlanographError } from '../../runtime/errors.ts'
import { defineNode } from '../define.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { field, output } from '../kinds/fields.ts'
import type { Stroke } from '../kinds/strokes.ts'
import { inspect } from '../services/pictures.ts'

const percent = { min: 0, max: 100, step: 1, unit: '%', widget: 'slider' } as const
const noBox = [{ when: { shape: ['whole'] }, reason: 'The whole picture has no edges to set.' }]
const fromImage = [{ when: { image: { wired: true } }, reason: 'The size is that of the picture.' }]

export default defineNode({
  type: 'mask-shape',
  version: 1,
  title: 'Mask from shape',
  category: 'mask',
  aliases: ['rectangle', 'ellipse', 'circle', 'solid mask', 'region', 'solidmask'],
  summary: 'Makes a mask of a rectangle, an ellipse or the whole picture.',
  fields: {
    image: field.image({
      optional: true,
      title: 'Image',
      help: 'The picture it is for: the mask gets its size. Without one, set width and height.',
    }),
    width: field.integer({
      default: 512,
      min: 1,
      max: 16384,
      unit: 'px',
      title: 'Width',
      help: 'Width of the mask in pixels, when no picture is wired.',
      noEffect: fromImage,
    }),
    height: field.integer({
      default: 512,
      min: 1,
      max: 16384,
      unit: 'px',
      title: 'Height',
      help: 'Height of the mask in pixels, when no picture is wired.',
      noEffect: fromImage,
    }),
    shape: field.choice({
      choices: ['rectangle', 'ellipse', 'whole'],
      labels: { rectangle: 'Rectangle', ellipse: 'Ellipse', whole: 'Whole picture' },
      default: 'rectangle',
      title: 'Shape',
      help: 'What is white: what will be repainted.',
    }),
    left: field.number({
      ...percent,
      default: 25,
      title: 'Left',
      help: 'Left edge of the shape, in percent of the width.',
      noEffect: noBox,
    }),
    top: field.number({
      ...percent,
      default: 25,
      title: 'Top',
      help: 'Upper edge of the shape, in percent of the height.',
      noEffect: noBox,
    }),
    right: field.number({
      ...percent,
      default: 75,
      title: 'Right',
      help: 'Right edge of the shape, in percent of the width.',
      noEffect: noBox,
    }),
    bottom: field.number({
      ...percent,
      default: 75,
      title: 'Bottom',
      help: 'Lower edge of the shape, in percent of the height.',
      noEffect: noBox,
    }),
    invert: field.boolean({
      default: false,
      fold: 'more',
      title: 'Invert',
      help: 'Everything but the shape is white.',
    }),
  },
  outputs: { mask: output.mask({ help: 'The mask, as a drawing: it stays small and sharp.' }) },
  cache: 'always',
  async run(ctx, { image, shape, invert, ...box }) {
    const { width, height } = image ? await inspect(await ctx.blobs.read(image)) : box
    if (width * height > 100_000_000)
      throw new PlanographError('invalid', `A mask of ${width} × ${height} pixels is too large.`, {
        code: 'picture-too-large',
        hint: 'A mask has at most 100 megapixels.',
      })
    const tool = shape === 'ellipse' ? 'ellipse' : 'rectangle'
    const whole = stroke('rectangle', [0, 0], [width, height])
    const drawn = shape === 'whole' ? whole : stroke(tool, ...corners(box, width, height))
    const strokes = invert ? [whole, { ...drawn, erase: true }] : [drawn]
    return { mask: { size: [width, height] satisfies [number, number], strokes } }
  },
  examples: [
    {
      title: 'The middle of a picture',
      values: { image: examplePictures.house },
      outputs: {
        mask: {
          size: [48, 32],
          strokes: [
            {
              tool: 'rectangle',
              points: [
                [12, 8],
                [36, 24],
              ],
              size: 1,
              hardness: 1,
              opacity: 1,
            },
          ],
        },
      },
    },
    {
      title: 'All of a size of its own',
      values: { width: 64, height: 32, shape: 'whole' },
      outputs: {
        mask: {
          size: [64, 32],
          strokes: [
            {
              tool: 'rectangle',
              points: [
                [0, 0],
                [64, 32],
              ],
              size: 1,
              hardness: 1,
              opacity: 1,
            },
          ],
        },
      },
    },
  ],
})

type Corner = [number, number]

function stroke(tool: Stroke['tool'], from: Corner, to: Corner): Stroke {
  return { tool, points: [from, to], size: 1, hardness: 1, opacity: 1 }
}

function corners(
  { left, top, right, bottom }: { left: number; top: number; right: number; bottom: number },
  width: number,
  height: number,
): [Corner, Corner] {
  return [
    [(left * width) / 100, (top * height) / 100],
    [(right * width) / 100, (bottom * height) / 100],
  ]
}
