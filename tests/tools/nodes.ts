import { type Context, nodeDefiner } from '../../runtime/define-node.ts'
import type { FailureClass } from '../../runtime/errors.ts'
import { PlanographError } from '../../runtime/errors.ts'
import { field, output } from '../../runtime/field.ts'
import { FailedItem, Labelled } from '../../runtime/items.ts'
import { addToSeed } from '../../runtime/seed.ts'
import type { Json } from '../../runtime/values.ts'

/**
 * What the nodes below are told by a test, and what they tell it. A step is named `node`, `node[index]`,
 * `node#round` or `node[index]#round`.
 */
export interface Lab {
  /** Steps that ran, in the order in which they began. */
  calls: string[]
  /** Steps that have begun and not ended. */
  running: Set<string>
  /** Steps that wait until the promise resolves. */
  gates: Map<string, Promise<unknown>>
  /** Errors thrown by the next attempts of a step or node, first one first. */
  failures: Map<string, Error[]>
  signals: Map<string, AbortSignal>
  /** Called when a step begins. */
  begins?: (name: string) => void
  /** Does something before a step gives its result: waits, fails, looks around. */
  behave?: (ctx: Context<Lab>, name: string) => Promise<void> | undefined
}

export function makeLab(): Lab {
  return {
    calls: [],
    running: new Set(),

    gates: new Map(),
    failures: new Map(),
    signals: new Map(),
  }
}

/** Makes the named step wait. The answer lets it go on. */
export function gate(lab: Lab, name: string): () => void {
  let open = () => {}
  lab.gates.set(
    name,
    new Promise<void>((resolve) => {
      open = resolve
    }),
  )
  return open
}

export function failing(lab: Lab, name: string, ...classes: FailureClass[]): void {
  lab.failures.set(
    name,
    classes.map((kind) => new PlanographError(kind, `${name} cannot: ${kind}.`)),
  )
}

const defineNode = nodeDefiner<Lab>()
type Ctx = Context<Lab>

function nameOf({ step: { node, index }, round }: Ctx): string {
  const at = index === '' ? node : `${node}[${index}]`
  return round.number === 1 ? at : `${at}#${round.number}`
}

/** What every node here does first: tell the lab, fail if told so, wait if told so. */
function enter<T>(ctx: Ctx, make: () => T): T | Promise<T> {
  const { services: lab } = ctx
  const name = nameOf(ctx)
  lab.calls.push(name)
  lab.begins?.(name)
  const planned = (lab.failures.get(name) ?? lab.failures.get(ctx.step.node))?.shift()
  if (planned) throw planned
  const wait = lab.gates.get(name) ?? lab.behave?.(ctx, name)
  if (!wait) return make()
  lab.running.add(name)
  lab.signals.set(name, ctx.signal)
  return wait.then(() => {
    lab.running.delete(name)
    return make()
  })
}

const about = (type: string) => ({
  type,
  version: 1,
  title: type,
  category: 'test',
  summary: `A test's ${type}.`,
})

export const text = defineNode({
  ...about('text'),
  cache: 'always',
  fields: { text: field.text({ help: 'Any text.', default: '' }) },
  outputs: { text: output.text() },
  run: (ctx, { text }) => enter(ctx, () => ({ text })),
  examples: [{ title: 'A text', values: { text: 'a' }, outputs: { text: 'a' } }],
})

export const shout = defineNode({
  ...about('shout'),
  cache: 'always',
  fields: { text: field.text({ help: 'What to shout.' }) },
  outputs: { text: output.text() },
  run: (ctx, { text }) => enter(ctx, () => ({ text: `${text}!` })),
  examples: [{ title: 'Loud', values: { text: 'a' }, outputs: { text: 'a!' } }],
})

export const join = defineNode({
  ...about('join'),
  cache: 'always',
  fields: { a: field.text({ help: 'First.', default: '' }), b: field.text({ help: 'Second.', default: '' }) },
  outputs: { text: output.text() },
  run: (ctx, { a, b }) => enter(ctx, () => ({ text: `${a}${b}` })),
  examples: [{ title: 'Two', values: { a: 'a', b: 'b' }, outputs: { text: 'ab' } }],
})

/** Its words, each labelled by its first letter; a word that begins with "-" fails. */
export const words = defineNode({
  ...about('words'),
  cache: 'always',
  fields: { text: field.text({ help: 'Words.', default: '' }) },
  outputs: { words: output.list(output.text()) },
  run: (ctx, { text }) =>
    enter(ctx, () => ({
      words: text
        .split(' ')
        .filter((word) => word !== '')
        .map((word) =>
          word.startsWith('-')
            ? new FailedItem(new PlanographError('invalid', `The word ${word} is bad.`), word)
            : new Labelled(word, word.charAt(0)),
        ),
    })),
  examples: [{ title: 'Two words', values: { text: 'a b' }, outputs: { words: ['a', 'b'] } }],
})

export const collect = defineNode({
  ...about('collect'),
  cache: 'always',
  fields: { items: field.text({ help: 'All of them.', list: true, default: [] }) },
  outputs: { text: output.text() },
  run: (ctx, { items }) => enter(ctx, () => ({ text: items.join(',') })),
  examples: [{ title: 'Two', values: { items: ['a', 'b'] }, outputs: { text: 'a,b' } }],
})

export const gather = defineNode({
  ...about('gather'),
  cache: 'always',
  fields: { items: field.text({ help: 'Those that are there.', list: true, partial: true, default: [] }) },
  outputs: { text: output.text() },
  run: (ctx, { items }) => enter(ctx, () => ({ text: items.join(',') })),
  examples: [{ title: 'Two', values: { items: ['a', 'b'] }, outputs: { text: 'a,b' } }],
})

/** Works outside of the process, in the pool "images". */
export const remote = defineNode({
  ...about('remote'),
  cache: 'always',
  fields: { text: field.text({ help: 'What to send.', default: '' }) },
  outputs: { text: output.text() },
  uses: () => ({ pool: 'images' }),
  limits: { stallMs: 10_000, totalMs: 60_000 },
  run: (ctx, { text }) => enter(ctx, () => ({ text: `far ${text}` })),
  examples: [{ title: 'Far', values: { text: 'a' }, outputs: { text: 'far a' } }],
})

/** An LLM as tests have it: its answer counts each call, and says what it was told. */
export const think = defineNode({
  ...about('think'),
  cache: 'run',
  revisable: 'feedback',
  fields: { request: field.text({ help: 'What is wanted.', default: '' }) },
  outputs: { plan: output.json() },
  uses: () => ({ pool: 'llm' }),
  run: (ctx, { request }) =>
    enter(ctx, () => ({
      plan: {
        prompt: [request, ...ctx.round.feedback.map(({ text }) => text)].join('; '),
        steps: 20,
        reason: nameOf(ctx),
      },
    })),
  examples: [{ title: 'A wish', values: { request: 'a' }, check: () => {} }],
})

/** Pictures as texts: prompt, steps and seed of each. */
export const draw = defineNode({
  ...about('draw'),
  cache: 'always',
  revisable: 'redraw',
  fields: {
    plan: field.json({ help: 'A plan.', wire: 'only', optional: true, fills: ['prompt', 'steps', 'seed'] }),
    prompt: field.text({ help: 'What to draw.', default: '' }),
    steps: field.integer({ help: 'How many steps.', default: 'auto', min: 1, max: 150 }),
    seed: field.seed({ help: 'Seed.', stride: 'count' }),
    count: field.integer({ help: 'How many.', default: 1, min: 1 }),
  },
  outputs: { images: output.list(output.text()) },
  uses: () => ({ pool: 'images' }),
  auto: {
    from: ['prompt'],
    resolve: async ({ prompt }) => ({ values: { steps: String(prompt).length || 8 }, identity: 'model' }),
  },
  run: (ctx, { prompt, steps, seed, count }) =>
    enter(ctx, () => ({
      images: Array.from(
        { length: count },
        (_, i) => new Labelled(`${prompt}/${steps}/${addToSeed(seed, i)}`, String(i)),
      ),
    })),
  examples: [{ title: 'One', values: { prompt: 'a', seed: 1, count: 1 }, check: () => {} }],
})

const everything = ['approve', 'edit', 'pick', 'revise', 'reject'] as const

/** Asks a person and passes on the answer. */
export const review = defineNode({
  ...about('review'),
  cache: 'never',
  asks: true,
  fields: {
    value: field.any({ help: 'What to review.', variable: 'T', wire: 'only' }),
    dueInMs: field.integer({ help: 'Milliseconds.', optional: true }),
    onDue: field.choice({ help: 'What then.', choices: ['wait', 'approve', 'reject'], default: 'wait' }),
  },
  outputs: { value: output.any({ variable: 'T' }) },
  async run(ctx, { value, dueInMs, onDue }) {
    ctx.services.calls.push(nameOf(ctx))
    const { kind = 'any', list = false } = ctx.bound.T ?? {}
    const allow = [...everything]
    const decision = await ctx.ask({ id: 'ok', question: 'Good?', value, kind, list, allow, dueInMs, onDue })
    if (decision.kind === 'edit') return { value: decision.value }
    if (decision.kind === 'pick' && Array.isArray(value))
      return { value: decision.items.map((item): Json => value[item] ?? null) }
    return { value }
  },
  examples: [{ title: 'A text', values: {}, check: () => {} }],
})

/** Passes one of two values on, and asks only for that one. */
export const choice = defineNode({
  ...about('choice'),
  cache: 'always',
  fields: {
    on: field.boolean({ help: 'Which.', default: false }),
    yes: field.text({ help: 'If so.', lazy: true, optional: true }),
    no: field.text({ help: 'If not.', lazy: true, optional: true }),
  },
  outputs: { text: output.text() },
  demand: ({ on }) => [on === true ? 'yes' : 'no'],
  run: (ctx, { on, yes, no }) => enter(ctx, () => ({ text: (on ? yes : no) ?? '' })),
  examples: [{ title: 'Yes', values: { on: true, yes: 'a' }, outputs: { text: 'a' } }],
})

/** Its work is the point. */
export const save = defineNode({
  ...about('save'),
  cache: 'never',
  sink: true,
  attempts: 1,
  fields: { text: field.text({ help: 'What to save.', default: '' }) },
  outputs: {},
  run: (ctx) => enter(ctx, () => ({})),
  examples: [{ title: 'A text', values: { text: 'a' }, outputs: {} }],
})

/** A text of so many letters. */
export const long = defineNode({
  ...about('long'),
  cache: 'always',
  fields: { length: field.integer({ help: 'How many letters.', default: 1 }) },
  outputs: { text: output.text() },
  run: (ctx, { length }) => enter(ctx, () => ({ text: 'x'.repeat(length) })),
  examples: [{ title: 'One', values: { length: 1 }, outputs: { text: 'x' } }],
})

/** Takes named texts. */
export const fillIn = defineNode({
  ...about('fill-in'),
  cache: 'always',
  fields: { parts: field.text({ help: 'Parts by name.', named: true }) },
  outputs: { text: output.text() },
  run: (ctx, { parts }) =>
    enter(ctx, () => ({
      text: Object.keys(parts)
        .sort()
        .map((name) => `${name}=${parts[name]}`)
        .join(' '),
    })),
  examples: [{ title: 'One', values: { parts: { a: 'b' } }, outputs: { text: 'a=b' } }],
})

export const numbers = defineNode({
  ...about('numbers'),
  cache: 'always',
  fields: { numbers: field.json({ help: 'A list of numbers.', default: [] }) },
  outputs: { numbers: output.list(output.integer()) },
  run: (ctx, { numbers }) =>
    enter(ctx, () => ({ numbers: Array.isArray(numbers) ? numbers.map(Number) : [] })),
  examples: [{ title: 'Two', values: { numbers: [1, 2] }, outputs: { numbers: [1, 2] } }],
})

export const labNodes = [
  numbers,
  text,
  shout,
  join,
  words,
  collect,
  gather,
  remote,
  think,
  draw,
  review,
  choice,
  save,
  long,
  fillIn,
]

/** A review of one value, which maps over lists. */
export const ask = defineNode({
  ...about('ask'),
  cache: 'never',
  asks: true,
  fields: { value: field.json({ help: 'What to review.', wire: 'only' }) },
  outputs: { value: output.json() },
  async run(ctx, { value }) {
    ctx.services.calls.push(nameOf(ctx))
    await ctx.ask({ id: 'ok', question: 'Good?', value, kind: 'json', list: false, allow: [...everything] })
    return { value }
  },
  examples: [{ title: 'A value', values: {}, check: () => {} }],
})
