import { defineNode } from '../define.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { field, output } from '../kinds/fields.ts'
import { ranges } from '../kinds/plan.ts'
import { inpaintSource } from '../services/images/inpaint-source.ts'
import { paint } from '../services/images/paint.ts'
import {
  countFields,
  editPlanField,
  editSizeFields,
  modelFields,
  promptFields,
  samplingFields,
} from '../services/images/paint-fields.ts'
import { known, resolveAuto, sizeOf } from '../services/images/wanted.ts'

export default defineNode({
  type: 'inpaint',
  version: 1,
  title: 'Inpaint',
  category: 'image',
  aliases: ['fill', 'retouch', 'replace', 'remove', 'generative fill', 'ksampler', 'masked', 'outpaint'],
  summary: 'Repaints the masked part of a picture and leaves every other pixel exactly as it was.',
  fields: {
    image: field.image({ title: 'Image', help: 'The picture to change.' }),
    mask: field.mask({
      title: 'Mask',
      help: 'What to repaint: white is made anew, black is kept. Of the size of the picture.',
    }),
    plan: editPlanField,
    ...promptFields,
    denoise: field.number({
      ...ranges.denoise,
      default: 0.75,
      title: 'Denoising strength',
      widget: 'slider',
      help: 'How much of what is under the mask may change. 1 forgets it, about 0.4 only touches it up.',
    }),
    content: field.choice({
      choices: ['original', 'fill', 'noise', 'nothing'],
      labels: { original: 'Original', fill: 'Fill', noise: 'Latent noise', nothing: 'Latent nothing' },
      default: 'original',
      title: 'Masked content',
      help: 'What painting starts from under the mask: what is there, the colours around it, noise, or nothing. Use the last two with a strength near 1.',
    }),
    area: field.choice({
      choices: ['only masked', 'whole picture'],
      labels: { 'only masked': 'Only masked', 'whole picture': 'Whole picture' },
      default: 'only masked',
      title: 'Inpaint area',
      help: "Only masked paints the masked part at the checkpoint's full size: more detail. Whole picture shows the model all of it: more context.",
    }),
    padding: field.integer({
      default: 32,
      min: 0,
      max: 1024,
      unit: 'px',
      title: 'Padding',
      fold: 'more',
      help: 'How much of the picture around the masked part the model sees, in pixels.',
      noEffect: [{ when: { area: ['whole picture'] }, reason: 'The model sees the whole picture anyway.' }],
    }),
    blur: field.number({
      default: 4,
      min: 0,
      max: 64,
      step: 1,
      unit: 'px',
      title: 'Mask blur',
      fold: 'more',
      help: 'How softly the new part blends into the picture, in pixels. It goes inward: nothing outside the mask changes.',
    }),
    ...modelFields,
    ...samplingFields,
    ...editSizeFields,
    ...countFields,
  },
  outputs: {
    images: output.list(
      output.image({
        help: 'The pictures, of the size of the one you gave. Each carries its own parameters.',
      }),
    ),
    details: output.json({
      help: 'How they were made: backend, checkpoint, every parameter, seeds, remarks and milliseconds.',
    }),
  },
  cache: 'always',
  revisable: 'redraw',
  uses: ({ backend, model }) => ({ pool: 'images', backend: known(backend), model: known(model) }),
  auto: {
    from: ['image', 'area'],
    resolve: (values, { images }) =>
      resolveAuto(
        images,
        'inpaint',
        values,
        values.area === 'whole picture' ? sizeOf(values.image) : undefined,
      ),
  },
  passes: { images: 'image' },
  limits: { stallMs: 600_000 },
  run: async (ctx, values) => paint(ctx, 'inpaint', values, await inpaintSource(ctx, values)),
  examples: [
    {
      title: 'Another house in the same place',
      values: {
        image: examplePictures.house,
        mask: examplePictures.mask,
        prompt: 'a blue house on a hill',
        steps: 4,
        seed: 1,
      },
      check({ images: [image] }) {
        if (image?.width !== 48 || image.height !== 32) throw new Error('Expected the size of the picture.')
      },
    },
    {
      title: 'A mask of another size is refused',
      values: {
        image: examplePictures.house,
        mask: { size: [10, 10], strokes: [] },
        prompt: 'a cat',
        seed: 1,
      },
      fails: 'The mask is 10×10 pixels and the picture 48×32',
    },
  ],
})
