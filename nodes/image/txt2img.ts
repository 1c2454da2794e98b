import type { Json } from '../../runtime/values.ts'
import { defineNode } from '../define.ts'
import { output } from '../kinds/fields.ts'
import { parseInfotext } from '../kinds/infotext.ts'
import { metadataOf } from '../kinds/picture-metadata.ts'
import { paint } from '../services/images/paint.ts'
import {
  countFields,
  modelFields,
  planField,
  promptFields,
  samplingFields,
  sizeFields,
} from '../services/images/paint-fields.ts'
import { known, resolveAuto } from '../services/images/wanted.ts'

export default defineNode({
  type: 'txt2img',
  version: 1,
  title: 'Text to image',
  category: 'image',
  aliases: [
    't2i',
    'text2image',
    'ksampler',
    'generate',
    'render',
    'paint',
    'sampler',
    'checkpoint',
    'empty latent',
  ],
  summary: 'Paints pictures from a prompt or an approved plan.',
  fields: {
    plan: planField,
    ...promptFields,
    ...modelFields,
    ...samplingFields,
    ...sizeFields,
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
  from: ['infotext'],
  make: ({ text = '' }) => valuesOf(text),
  uses: ({ backend, model }) => ({ pool: 'images', backend: known(backend), model: known(model) }),
  auto: {
    from: [],
    resolve: (values, { images }) => resolveAuto(images, 'txt2img', values),
  },
  limits: { stallMs: 600_000 },
  run: (ctx, values) => paint(ctx, 'txt2img', values),
  examples: [
    {
      title: 'A red house, with the demo model',
      values: { prompt: 'a red house on a hill at dusk, watercolour style', steps: 4, seed: 1 },
      async check({ images: [image] }) {
        if (image?.width !== 256 || image.height !== 256) throw new Error('Expected a picture of 256 × 256.')
      },
    },
    {
      title: 'Two pictures have the seeds 5 and 6',
      values: { prompt: 'a blue boat on the sea', steps: 2, count: 2, seed: 5 },
      check({ images, details }) {
        if (images.length !== 2) throw new Error(`Expected two pictures, not ${images.length}.`)
        if (!JSON.stringify(details).includes('"seeds":[5,6]')) throw new Error('Expected the seeds 5 and 6.')
      },
    },
    {
      title: 'Without words there is nothing to paint',
      values: { prompt: ' ', seed: 1 },
      fails: 'There is no prompt',
    },
    {
      title: 'A sampler that is not there is refused, naming those that are',
      values: { prompt: 'a cat', sampler: 'Restart', seed: 1 },
      fails: 'has no sampler "Restart"',
    },
  ],
})

/** The settings that an infotext tells, under the names of our fields. */
function valuesOf(infotext: string): { [field: string]: Json } {
  const { prompt, negative, model, sampler, scheduler, steps, cfg, width, height, seed, clipSkip } =
    metadataOf(parseInfotext(infotext))
  const told = { prompt, negative, model, sampler, scheduler, steps, cfg, width, height, seed, clipSkip }
  return Object.fromEntries(
    Object.entries(told).flatMap(([field, value]) =>
      value === undefined || value === '' ? [] : [[field, value]],
    ),
  )
}
