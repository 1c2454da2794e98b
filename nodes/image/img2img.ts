import { defineNode } from '../define.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { field, output } from '../kinds/fields.ts'
import { ranges } from '../kinds/plan.ts'
import { editSource } from '../services/images/edit-source.ts'
import { resizeModes } from '../services/images/fit-picture.ts'
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
  type: 'img2img',
  version: 1,
  title: 'Image to image',
  category: 'image',
  aliases: ['i2i', 'image2image', 'restyle', 'variation', 'ksampler', 'denoise', 'edit'],
  summary: 'Paints a picture over: its layout stays, the prompt changes the rest.',
  fields: {
    image: field.image({ title: 'Image', help: 'The picture to start from.' }),
    plan: editPlanField,
    ...promptFields,
    denoise: field.number({
      ...ranges.denoise,
      default: 0.6,
      title: 'Denoising strength',
      widget: 'slider',
      help: 'How much may change: about 0.4 colours and surfaces, 0.6 style and light, 0.8 shapes; 1 keeps nothing.',
    }),
    resize: field.choice({
      choices: resizeModes,
      default: 'crop and resize',
      title: 'Resize mode',
      fold: 'more',
      help: 'When the picture has another shape than what is painted: stretch it, cut off what does not fit, or draw out its edges.',
    }),
    ...modelFields,
    ...samplingFields,
    ...editSizeFields,
    ...countFields,
  },
  outputs: {
    images: output.list(
      output.image({ help: 'The pictures, one per seed. Each carries its own parameters.' }),
    ),
    details: output.json({
      help: 'How they were made: backend, checkpoint, every parameter, seeds, remarks and milliseconds.',
    }),
  },
  cache: 'always',
  revisable: 'redraw',
  uses: ({ backend, model }) => ({ pool: 'images', backend: known(backend), model: known(model) }),
  auto: {
    from: ['image'],
    resolve: (values, { images }) => resolveAuto(images, 'img2img', values, sizeOf(values.image)),
  },
  passes: { images: 'image' },
  limits: { stallMs: 600_000 },
  run: async (ctx, values) => paint(ctx, 'img2img', values, await editSource(ctx, values)),
  examples: [
    {
      title: 'The same house at night',
      values: {
        image: examplePictures.house,
        prompt: 'a red house on a hill at night, storybook style',
        denoise: 0.5,
        steps: 4,
        seed: 1,
      },
      check({ images: [image] }) {
        if (image?.width !== 256 || image.height !== 256) throw new Error('Expected a picture of 256 × 256.')
      },
    },
    {
      title: 'Without a prompt there is no telling what to paint',
      values: { image: examplePictures.house, seed: 1 },
      fails: 'There is no prompt',
    },
  ],
})
