import { Labelled } from '../../runtime/items.ts'
import type { Json } from '../../runtime/values.ts'
import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'

export default defineNode({
  type: 'collect',
  version: 1,
  title: 'Collect',
  category: 'flow',
  aliases: ['list', 'make list', 'batch', 'merge', 'combine', 'join', 'gather', 'image batch'],
  summary: 'Makes one list of several inputs, in the order of their names.',
  fields: {
    items: field.any({
      named: true,
      default: {},
      variable: 'T',
      help: 'What goes into the list, each under a name: 1, 2, 10 or a, b, c. Whole lists are joined.',
    }),
  },
  outputs: {
    list: output.list(
      output.any({
        variable: 'T',
        help: 'All of it, in the order of the names; each item is labelled with its name.',
      }),
    ),
  },
  cache: 'always',
  run(ctx, { items }) {
    const names = Object.keys(items).sort(byName)
    const whole = ctx.bound.T?.list === true
    return { list: names.flatMap((name) => labelled(name, items[name] ?? null, whole)) }
  },
  examples: [
    {
      title: 'In the order of the names, numbers by their value',
      values: { items: { 10: 'ten', 2: 'two', 1: 'one' } },
      outputs: { list: ['one', 'two', 'ten'] },
    },
    { title: 'Nothing makes an empty list', values: {}, outputs: { list: [] } },
  ],
})

const { compare: byName } = new Intl.Collator('en', { numeric: true })

function labelled(name: string, value: Json, whole: boolean): Labelled<Json>[] {
  if (!whole || !Array.isArray(value)) return [new Labelled(value, name)]
  return value.map((item, i) => new Labelled(item, `${name}.${i + 1}`))
}
