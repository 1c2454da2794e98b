import { PlanographError } from '../../runtime/errors.ts'
import { type Decision, DecisionKind } from '../../runtime/review.ts'
import type { Json } from '../../runtime/values.ts'
import { defineNode } from '../define.ts'
import { field, output } from '../kinds/fields.ts'

export default defineNode({
  type: 'review',
  version: 1,
  title: 'Review',
  category: 'plan',
  aliases: [
    'approve',
    'approval',
    'human in the loop',
    'ask',
    'confirm',
    'pause',
    'check',
    'feedback',
    'gate',
  ],
  summary: 'Waits for a person: approve, edit, pick, send back with feedback, or reject.',
  fields: {
    value: field.any({
      variable: 'T',
      wire: 'only',
      help: 'What is looked at: a plan, a text, a picture, or a whole list of pictures.',
    }),
    ask: field.text({
      default: 'Is this what you want?',
      title: 'Question',
      help: 'What the person is asked.',
    }),
    assignee: field.text({ default: '', help: 'Who is asked, by name. Empty: whoever may decide.' }),
    allow: field.choice({
      list: true,
      choices: DecisionKind.options,
      labels: {
        approve: 'Approve',
        edit: 'Edit',
        pick: 'Pick some',
        revise: 'Send back with feedback',
        reject: 'Reject',
      },
      default: [...DecisionKind.options],
      fold: 'more',
      help: 'Which decisions there are. Picking is for lists only.',
    }),
    timeout: field.text({
      default: '',
      placeholder: '2 h',
      fold: 'more',
      help: 'How long it waits, such as "30 min", "2 h" or "1 d 12 h". Empty waits for ever.',
    }),
    onTimeout: field.choice({
      choices: ['keep waiting', 'approve', 'reject'],
      default: 'keep waiting',
      title: 'After that',
      fold: 'more',
      help: 'What happens when nobody has answered in time.',
      noEffect: [{ when: { timeout: [''] }, reason: 'It waits for ever.' }],
    }),
  },
  outputs: { value: output.any({ variable: 'T', help: 'What was approved, edited or picked.' }) },
  cache: 'never',
  asks: true,
  passes: { value: 'value' },
  async run(ctx, { value, ask, assignee, allow, timeout, onTimeout }) {
    const { kind, list } = ctx.bound.T ?? { kind: 'any', list: false }
    const decision = await ctx.ask({
      id: 'review',
      question: ask,
      value,
      kind,
      list,
      allow: allowed(allow, list),
      assignee: assignee.trim() || undefined,
      dueInMs: milliseconds(timeout),
      onDue: onTimeout === 'keep waiting' ? 'wait' : onTimeout,
    })
    return { value: decided(value, decision) }
  },
  examples: [
    { title: 'Approved as it is', values: { value: 'a red house' }, outputs: { value: 'a red house' } },
    {
      title: 'Nothing that could be decided',
      values: { value: 'a red house', allow: ['pick'] },
      fails: 'No decision is left',
    },
    {
      title: 'A time that is none',
      values: { value: 'a red house', timeout: 'soon' },
      fails: '"soon" is no length of time',
    },
  ],
})

/** Picking is for lists. Throws `invalid` when that leaves nothing to decide. */
function allowed(allow: readonly DecisionKind[], list: boolean): DecisionKind[] {
  const fitting = allow.filter((decision) => list || decision !== 'pick')
  if (fitting.length > 0) return fitting
  throw new PlanographError(
    'invalid',
    'No decision is left to choose from: only a list can be picked from.',
    {
      code: 'allow',
      hint: 'Allow at least one other decision, such as approve.',
    },
  )
}

function decided(value: Json, decision: Extract<Decision, { kind: 'approve' | 'edit' | 'pick' }>): Json {
  switch (decision.kind) {
    case 'approve':
      return value
    case 'edit':
      return decision.value
    case 'pick':
      return Array.isArray(value) ? decision.items.flatMap((i) => value.slice(i, i + 1)) : value
  }
}

const units: Readonly<Record<string, number>> = {
  s: 1000,
  min: 60_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
const part = /(\d+(?:\.\d+)?)\s*(s|min|m|h|d)(?![a-z])/gi

/** "1 h 30 min" in milliseconds; undefined for ''. */
function milliseconds(text: string): number | undefined {
  if (text.trim() === '') return undefined
  const parts = [...text.matchAll(part)]
  const total = parts.reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (units[unit.toLowerCase()] ?? 0),
    0,
  )
  if (text.replace(part, '').trim() === '' && total > 0) return Math.round(total)
  throw new PlanographError('invalid', `"${text}" is no length of time.`, {
    code: 'duration',
    hint: 'Write it as "30 min", "2 h" or "1 d 12 h"; empty waits for ever.',
  })
}
