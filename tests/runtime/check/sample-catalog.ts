import { createCatalog } from '../../../runtime/catalog.ts'
import { defineNode } from '../../../runtime/define-node.ts'
import { type FieldOptions, field, fieldOf, output, outputOf } from '../../../runtime/field.ts'
import { defineKind } from '../../../runtime/kind.ts'
import { Json } from '../../../runtime/values.ts'
import type { Workflow } from '../../../runtime/workflow/schema.ts'

const image = defineKind<Json>({
  name: 'image',
  title: 'Image',
  colour: '#66bb6a',
  shape: 'square',
  schema: Json,
})
const mask = defineKind<Json>({
  name: 'mask',
  title: 'Mask',
  colour: '#eeeeee',
  shape: 'square',
  schema: Json,
  accepts: { image: (value: Json) => value },
})
const plan = defineKind<Json>({
  name: 'plan',
  title: 'Plan',
  colour: '#c792ea',
  shape: 'star',
  schema: Json,
})

const wireOnly = { wire: 'only' } satisfies Partial<FieldOptions>
const examples = [{ title: 'Any', values: {} }]

const text = defineNode({
  type: 'text',
  version: 1,
  title: 'Text',
  category: 'text',
  summary: 'A text.',
  cache: 'always',
  fields: { text: field.text({ help: 'The text.', maxLength: 20 }) },
  outputs: { text: output.text() },
  run: (_, { text }) => ({ text }),
  examples,
})

const texts = defineNode({
  type: 'texts',
  version: 1,
  title: 'Texts',
  category: 'text',
  summary: 'Several texts.',
  cache: 'always',
  fields: { lines: field.text({ list: true, help: 'The texts.' }) },
  outputs: { texts: output.list(output.text()), count: output.integer() },
  run: (_, { lines }) => ({ texts: lines, count: lines.length }),
  examples,
})

const number = defineNode({
  type: 'number',
  version: 1,
  title: 'Number',
  category: 'text',
  summary: 'A number.',
  cache: 'always',
  fields: { value: field.number({ default: 0, help: 'The number.' }) },
  outputs: { value: output.number() },
  run: (_, { value }) => ({ value }),
  examples,
})

const planner = defineNode({
  type: 'planner',
  version: 1,
  title: 'Planner',
  category: 'plan',
  summary: 'Makes a plan.',
  cache: 'run',
  fields: { request: field.text({ help: 'The wish.' }) },
  outputs: { plan: outputOf(plan) },
  run: (_, { request }) => ({ plan: { request } }),
  examples,
})

const paint = defineNode({
  type: 'paint',
  version: 3,
  title: 'Paint',
  category: 'image',
  summary: 'Paints pictures.',
  cache: 'always',
  fields: {
    plan: fieldOf(plan, {
      ...wireOnly,
      optional: true,
      fills: ['prompt', 'negative', 'steps'],
      help: 'A plan.',
    }),
    prompt: field.text({ help: 'What to paint.', multiline: true }),
    negative: field.text({
      default: '',
      help: 'What not to paint.',
      noEffect: [{ when: { cfg: [1] }, reason: 'At CFG scale 1 the negative prompt has no effect.' }],
    }),
    steps: field.integer({ default: 'auto', min: 1, max: 150, help: 'How many steps.' }),
    cfg: field.number({ default: 7, min: 1, max: 30, help: 'How closely.' }),
    sampler: field.choice({
      default: 'Euler',
      choices: ['Euler', 'Euler a', 'DPM++ 2M'],
      help: 'The sampler.',
    }),
    tiled: field.boolean({ default: false, wire: 'never', help: 'In tiles.' }),
    seed: field.seed({ help: 'The seed.' }),
  },
  outputs: { images: output.list(outputOf(image)), details: output.json() },
  auto: { from: [], resolve: async () => ({ values: { steps: 20 } }) },
  migrations: {
    1: ({ text, ...values }) => ({
      values: text === undefined ? values : { ...values, prompt: text },
      renamedFields: { text: 'prompt' },
    }),
    2: (values) => ({ values, renamedOutputs: { pictures: 'images' } }),
  },
  run: (_, { prompt }) => ({ images: [prompt], details: null }),
  examples,
})

const blur = defineNode({
  type: 'blur',
  version: 1,
  title: 'Blur',
  category: 'image',
  summary: 'Blurs a picture.',
  cache: 'always',
  fields: {
    mask: fieldOf(mask, { ...wireOnly, optional: true, help: 'Where.' }),
    image: fieldOf(image, { ...wireOnly, help: 'The picture.' }),
  },
  outputs: { image: outputOf(image) },
  passes: { image: 'image' },
  run: (_, { image }) => ({ image }),
  examples,
})

const maskOf = defineNode({
  type: 'mask-of',
  version: 1,
  title: 'Mask of a picture',
  category: 'image',
  summary: 'Makes a mask.',
  cache: 'always',
  fields: {
    strength: field.number({ default: 1, help: 'How much.' }),
    image: fieldOf(image, { ...wireOnly, help: 'The picture.' }),
  },
  outputs: { mask: outputOf(mask), details: output.json() },
  run: (_, { image }) => ({ mask: image, details: null }),
  examples,
})

const pictureOf = defineNode({
  type: 'picture-of',
  version: 1,
  title: 'Picture of a mask',
  category: 'image',
  summary: 'Shows a mask.',
  cache: 'always',
  fields: { mask: fieldOf(mask, { ...wireOnly, help: 'The mask.' }) },
  outputs: { image: outputOf(image) },
  run: (_, { mask }) => ({ image: mask }),
  examples,
})

const review = defineNode({
  type: 'review',
  version: 1,
  title: 'Review',
  category: 'review',
  summary: 'Asks a person.',
  cache: 'never',
  asks: true,
  fields: {
    value: field.any({ ...wireOnly, variable: 'T', help: 'What is looked at.' }),
    ask: field.text({ default: '', help: 'The question.' }),
  },
  outputs: { value: output.any({ variable: 'T' }) },
  run: (_, { value }) => ({ value }),
  examples,
})

const choose = defineNode({
  type: 'choose',
  version: 1,
  title: 'Choose',
  category: 'list',
  summary: 'Takes the first of a list.',
  cache: 'always',
  fields: { items: field.any({ ...wireOnly, list: true, variable: 'T', help: 'The list.' }) },
  outputs: { first: output.any({ variable: 'T' }), rest: output.list(output.any({ variable: 'T' })) },
  run: (_, { items }) => ({ first: items[0] ?? null, rest: items.slice(1) }),
  examples,
})

const either = defineNode({
  type: 'either',
  version: 1,
  title: 'Either',
  category: 'flow',
  summary: 'One of two.',
  cache: 'always',
  fields: {
    second: field.boolean({ default: false, help: 'Which.' }),
    a: field.any({ ...wireOnly, lazy: true, variable: 'T', help: 'The first.' }),
    b: field.any({ ...wireOnly, lazy: true, variable: 'T', help: 'The second.' }),
  },
  outputs: { value: output.any({ variable: 'T' }) },
  demand: () => ['a'],
  run: (_, { a }) => ({ value: a }),
  examples,
})

const template = defineNode({
  type: 'template',
  version: 1,
  title: 'Template',
  category: 'text',
  summary: 'Fills a text in.',
  cache: 'always',
  fields: {
    text: field.text({ help: 'The text.' }),
    parts: field.text({ named: true, help: 'What is filled in.' }),
  },
  outputs: { text: output.text() },
  run: (_, { text }) => ({ text }),
  examples,
})

const save = defineNode({
  type: 'save',
  version: 1,
  title: 'Save',
  category: 'output',
  summary: 'Saves a picture.',
  cache: 'never',
  sink: true,
  fields: {
    image: fieldOf(image, { ...wireOnly, help: 'The picture.' }),
    name: field.text({ default: '{n}', help: 'The file name.' }),
    overwrite: field.boolean({ optional: true, help: 'Replace what is there.' }),
  },
  outputs: {},
  run: () => ({}),
  examples,
})

export const sampleKinds = { image, mask, plan }
export const sampleNodes = [
  text,
  texts,
  number,
  planner,
  paint,
  blur,
  maskOf,
  pictureOf,
  review,
  choose,
  either,
  template,
  save,
]
export const sample = createCatalog({ nodes: sampleNodes, kinds: sampleKinds })

/** A workflow in short: `{a: 'text', b: {type: 'paint', values: {…}}}` and wires as `'a.text > b.prompt'`. */
export function flow(
  nodes: { [id: string]: string | Workflow['nodes'][string] },
  edges: string[] = [],
  rest: Partial<Workflow> = {},
): Workflow {
  return {
    planograph: 1,
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, node]) => [id, typeof node === 'string' ? { type: node } : node]),
    ),
    edges: edges.map((edge) => {
      const [from = '', to = ''] = edge.split(' > ')
      return { from, to }
    }),
    ...rest,
  }
}
