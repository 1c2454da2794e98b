import { PlanographError } from '../../runtime/errors.ts'
import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'

const branch = { variable: 'T', wire: 'only', lazy: true, optional: true } as const

export default defineNode({
  type: 'switch',
  version: 1,
  title: 'Switch',
  category: 'flow',
  aliases: ['if', 'else', 'condition', 'branch', 'choose', 'toggle', 'mux', 'select'],
  summary: 'Takes one of two inputs. Only the one that is taken is computed.',
  fields: {
    on: field.boolean({ default: true, title: 'Take A', help: 'Yes takes A, no takes B.' }),
    a: field.any({
      ...branch,
      title: 'A',
      help: 'Taken when the switch is on. Anything: a text, a picture, a whole list.',
    }),
    b: field.any({ ...branch, title: 'B', help: 'Taken when the switch is off. Of the same kind as A.' }),
  },
  outputs: { value: output.any({ variable: 'T', help: 'What was taken.' }) },
  cache: 'always',
  passes: { value: 'a' },
  demand: ({ on }) => (on === undefined ? [] : on ? ['a'] : ['b']),
  run(_ctx, { on, a, b }) {
    const value = on ? a : b
    if (value === undefined) throw nothingThere(on ? 'A' : 'B', on)
    return { value }
  },
  examples: [
    { title: 'On takes A', values: { on: true, a: 'cat', b: 'dog' }, outputs: { value: 'cat' } },
    { title: 'Off takes B', values: { on: false, a: 'cat', b: 'dog' }, outputs: { value: 'dog' } },
    { title: 'A missing branch is named', values: { on: false, a: 'cat' }, fails: 'Nothing is wired to B' },
  ],
})

function nothingThere(name: string, on: boolean): PlanographError {
  return new PlanographError(
    'invalid',
    `Nothing is wired to ${name}, and the switch is ${on ? 'on' : 'off'}.`,
    {
      code: 'missing-branch',
      hint: `Wire something to ${name}, or turn the switch ${on ? 'off' : 'on'}.`,
    },
  )
}
