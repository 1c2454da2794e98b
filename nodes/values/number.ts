import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'

export default defineNode({
  type: 'number',
  version: 1,
  title: 'Number',
  category: 'values',
  aliases: ['integer', 'int', 'float', 'value', 'constant', 'primitive', 'slider', 'steps', 'cfg'],
  summary: 'A number that several fields share, or that a run is started with.',
  fields: { value: field.number({ default: 0, help: 'The number. Fields for whole numbers round it.' }) },
  outputs: { value: output.number({ help: 'The number.' }) },
  cache: 'always',
  passes: { value: 'value' },
  run: (_ctx, { value }) => ({ value }),
  examples: [
    { title: 'Thirty steps for everyone', values: { value: 30 }, outputs: { value: 30 } },
    { title: 'Half', values: { value: 0.5 }, outputs: { value: 0.5 } },
  ],
})
