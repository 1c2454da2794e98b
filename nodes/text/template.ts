import { PlanographError } from '../../runtime/errors.ts'
import { list, quoted } from '../../runtime/wording.ts'
import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'

export default defineNode({
  type: 'template',
  version: 1,
  title: 'Text template',
  category: 'text',
  aliases: ['format', 'concat', 'join', 'combine text', 'string', 'fill in', 'mustache'],
  summary: 'Fills words into a text: "a {subject} in {place}".',
  fields: {
    template: field.text({
      default: '',
      multiline: true,
      placeholder: 'a {subject} in {place}',
      help: 'The text, with names in braces where words go. Write {{ and }} for braces themselves.',
    }),
    words: field.text({
      named: true,
      default: {},
      help: 'The words by name. Wire or type one for every name in the template; a list makes one text per item.',
    }),
  },
  outputs: { text: output.text({ help: 'The template with every name replaced by its words.' }) },
  cache: 'always',
  run: (_ctx, { template, words }) => ({ text: filled(template, words) }),
  examples: [
    {
      title: 'Two names',
      values: { template: 'a {subject} in {place}', words: { subject: 'red fox', place: 'the snow' } },
      outputs: { text: 'a red fox in the snow' },
    },
    {
      title: 'Braces themselves are doubled',
      values: { template: '{{not a name}} {colour}', words: { colour: 'red' } },
      outputs: { text: '{not a name} red' },
    },
    {
      title: 'A missing word is named',
      values: { template: 'a {subject} in {place}', words: { subject: 'fox' } },
      fails: 'nothing for "place"',
    },
    {
      title: 'A brace without its partner is an error',
      values: { template: 'a {subject' },
      fails: 'a brace',
    },
  ],
})

function filled(template: string, words: Readonly<Record<string, string>>): string {
  const missing = new Set<string>()
  const text = template.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (piece, name: string | undefined) => {
    if (piece === '{{') return '{'
    if (piece === '}}') return '}'
    if (name === undefined) throw loneBrace(template)
    const key = name.trim()
    if (!Object.hasOwn(words, key)) missing.add(key)
    return words[key] ?? ''
  })
  if (missing.size > 0) throw nothingFor([...missing], Object.keys(words))
  return text
}

function loneBrace(template: string): PlanographError {
  return new PlanographError('invalid', `In "${template}" a brace has no partner.`, {
    code: 'template',
    hint: 'Write {name} for words to fill in, and {{ or }} for a brace itself.',
  })
}

function nothingFor(missing: readonly string[], there: readonly string[]): PlanographError {
  const known = there.length > 0 ? `There is ${list(there)}.` : 'There are no words yet.'
  return new PlanographError('invalid', `The template has nothing for ${quoted(missing)}. ${known}`, {
    code: 'template',
    hint: 'Add words of this name, or write the name in the template as they have it.',
  })
}
