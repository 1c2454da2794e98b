import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'

export default defineNode({
  type: 'prompt',
  version: 1,
  title: 'Prompt',
  category: 'text',
  aliases: ['text', 'string', 'positive', 'clip text encode', 'primitive', 'note', 'request', 'wish'],
  summary: 'A text: a prompt, a wish, or any words that other nodes read.',
  fields: {
    text: field.text({
      default: '',
      multiline: true,
      placeholder: 'a lighthouse by the sea at sunset',
      help: 'The words. For a picture: subject first, then place, light and style.',
    }),
    before: field.text({
      default: '',
      fold: 'more',
      help: 'Put in front of the text, with a comma between: a trigger word of a LoRA, say.',
    }),
    after: field.text({
      default: '',
      fold: 'more',
      help: 'Put behind the text, with a comma between: a style that many prompts share, say.',
    }),
  },
  outputs: { text: output.text({ help: 'The whole text.' }) },
  cache: 'always',
  passes: { text: 'text' },
  from: ['text/plain'],
  make: ({ text = '' }) => ({ text }),
  run(_ctx, { text, before, after }) {
    const parts = [before, text, after].map((part) => part.trim())
    return { text: parts.filter((part) => part !== '').join(', ') }
  },
  examples: [
    {
      title: 'A wish',
      values: { text: 'a lighthouse at sunset' },
      outputs: { text: 'a lighthouse at sunset' },
    },
    {
      title: 'With a shared style behind it',
      values: { text: 'a red house on a hill', after: 'watercolour style' },
      outputs: { text: 'a red house on a hill, watercolour style' },
    },
  ],
})
