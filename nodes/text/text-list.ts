import { Labelled } from '../../runtime/items.ts'
import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'

export default defineNode({
  type: 'text-list',
  version: 1,
  title: 'Text list',
  category: 'text',
  aliases: ['prompts', 'lines', 'multiline', 'list', 'batch', 'prompt list', 'split'],
  summary: 'One text per line: what reads it runs once for each.',
  fields: {
    text: field.text({
      default: '',
      multiline: true,
      placeholder: 'a red house\na blue boat\na yellow balloon',
      help: 'One text per line. Empty lines are left out; a line that begins with # is a remark.',
    }),
  },
  outputs: {
    texts: output.list(
      output.text({ help: 'The lines in order. Each is also the label of what is made from it.' }),
    ),
  },
  cache: 'always',
  run(_ctx, { text }) {
    const lines = text.split(/\r?\n/).map((line) => line.trim())
    return {
      texts: lines
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => new Labelled(line, line)),
    }
  },
  examples: [
    {
      title: 'Three prompts',
      values: { text: 'a red house\n\n# not this one\na blue boat\n  a yellow balloon ' },
      outputs: { texts: ['a red house', 'a blue boat', 'a yellow balloon'] },
    },
    { title: 'No line, no text', values: { text: '' }, outputs: { texts: [] } },
  ],
})
