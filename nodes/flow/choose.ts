import { PlanographError } from '../../runtime/errors.ts'
import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'

export default defineNode({
  type: 'choose',
  version: 1,
  title: 'Choose from list',
  category: 'flow',
  aliases: ['pick', 'select', 'index', 'item', 'first', 'last', 'slice', 'get from list', 'image from batch'],
  summary: 'Takes some items of a list by their positions. To let a person pick, use a review.',
  fields: {
    list: field.any({
      list: true,
      variable: 'T',
      wire: 'only',
      help: 'The list to choose from: of anything.',
    }),
    which: field.text({
      default: 'first',
      placeholder: '0, 2-4, last',
      help: 'Positions from 0, ranges such as 2-4, first, last, or all, with commas between. Negative ones count from the end.',
    }),
  },
  outputs: {
    items: output.list(
      output.any({ variable: 'T', help: 'The chosen items, in the order they were asked for.' }),
    ),
  },
  cache: 'always',
  passes: { items: 'list' },
  run(_ctx, { list, which }) {
    const chosen = positions(which, list.length)
    return { items: chosen.flatMap((i) => list.slice(i, i + 1)) }
  },
  examples: [
    { title: 'The first', values: { list: ['a', 'b', 'c'] }, outputs: { items: ['a'] } },
    {
      title: 'Positions and a range',
      values: { list: ['a', 'b', 'c', 'd', 'e'], which: '0, 2-4' },
      outputs: { items: ['a', 'c', 'd', 'e'] },
    },
    {
      title: 'The last, then the first',
      values: { list: ['a', 'b', 'c'], which: 'last, first' },
      outputs: { items: ['c', 'a'] },
    },
    {
      title: 'Counted from the end',
      values: { list: ['a', 'b', 'c'], which: '-2' },
      outputs: { items: ['b'] },
    },
    {
      title: 'A position that is not there is an error',
      values: { list: ['a', 'b'], which: '5' },
      fails: 'the list has 2 items',
    },
    {
      title: 'Words that are no position are an error',
      values: { list: ['a'], which: 'best' },
      fails: '"best" is no position',
    },
  ],
})

function positions(which: string, length: number): number[] {
  const parts = which.split(',').map((part) => part.trim().toLowerCase())
  return parts.filter((part) => part !== '').flatMap((part) => read(part, length))
}

function read(part: string, length: number): number[] {
  if (part === 'all') return Array.from({ length }, (_, i) => i)
  if (part === 'first') return [inside(0, part, length)]
  if (part === 'last') return [inside(length - 1, part, length)]
  const [, from, to] = /^(-?\d+)(?:\s*-\s*(\d+))?$/.exec(part) ?? []
  if (from === undefined) throw noPosition(part)
  const start = inside(Number(from) < 0 ? length + Number(from) : Number(from), part, length)
  const end = to === undefined ? start : inside(Number(to), part, length)
  const step = end < start ? -1 : 1
  return Array.from({ length: Math.abs(end - start) + 1 }, (_, i) => start + i * step)
}

function inside(position: number, part: string, length: number): number {
  if (position >= 0 && position < length) return position
  const items = length === 1 ? '1 item' : `${length} items`
  throw new PlanographError('invalid', `"${part}" is outside: the list has ${items}.`, {
    code: 'out-of-range',
    hint: length === 0 ? 'The list is empty.' : `Positions go from 0 to ${length - 1}.`,
  })
}

function noPosition(part: string): PlanographError {
  return new PlanographError('invalid', `"${part}" is no position.`, {
    code: 'position',
    hint: 'Write positions from 0, ranges such as 2-4, first, last or all, with commas between.',
  })
}
