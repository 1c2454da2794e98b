import type { Workflow } from '../../runtime/workflow/schema.ts'
import { graph } from './engine.ts'

type Random = () => number
type Kind = 'text' | 'json'

/** Fields that can be wired, with what they take; those of `needs` must be. */
const types: {
  [type: string]: { fields: { [field: string]: Kind | 'any' }; needs?: string; gives?: Kind; output?: string }
} = {
  text: { fields: {}, gives: 'text' },
  shout: { fields: { text: 'text' }, needs: 'text', gives: 'text' },
  join: { fields: { a: 'text', b: 'text' }, gives: 'text' },
  words: { fields: { text: 'text' }, gives: 'text', output: 'words' },
  collect: { fields: { items: 'text' }, gives: 'text' },
  gather: { fields: { items: 'text' }, gives: 'text' },
  remote: { fields: { text: 'text' }, gives: 'text' },
  think: { fields: { request: 'text' }, gives: 'json', output: 'plan' },
  draw: { fields: { plan: 'json', prompt: 'text' }, gives: 'text', output: 'images' },
  review: { fields: { value: 'any' }, needs: 'value', output: 'value' },
  choice: { fields: { yes: 'text', no: 'text' }, gives: 'text' },
  save: { fields: { text: 'text' } },
}

const pick = <T>(random: Random, from: readonly T[]): T | undefined =>
  from[Math.floor(random() * from.length)]

/** A workflow of the lab's nodes with lists, lazy fields, reviews and failing words, the same for the same seed. */
export function randomWorkflow(random: Random, size = 3 + Math.floor(random() * 7)): Workflow {
  const nodes: Parameters<typeof graph>[0] = { n0: ['words', { text: wordsOf(random) }] }
  const edges: string[] = []
  const given: { from: string; kind: Kind }[] = [{ from: 'n0.words', kind: 'text' }]
  if (random() < 0.6) planAndDraw(random, nodes, edges, given)
  for (let i = 1; i < size; i++) {
    const id = `n${i}`
    const type = pick(random, Object.keys(types)) ?? 'text'
    const { fields, needs, gives, output = 'text' } = types[type] ?? { fields: {} }
    let passed: Kind | undefined = gives
    for (const [field, kind] of Object.entries(fields)) {
      const source = pick(
        random,
        given.filter((each) => kind === 'any' || each.kind === kind),
      )
      if (!source || (field !== needs && random() < 0.3)) continue
      edges.push(`${source.from} > ${id}.${field}`)
      passed ??= source.kind
    }
    nodes[id] = [type, valuesOf(type, random), random() < 0.3 ? { lists: 'combine' } : {}]
    if (passed && type !== 'save') given.push({ from: `${id}.${output}`, kind: passed })
  }
  return graph(nodes, edges)
}

/** A plan, its review, pictures, and perhaps a review of these: where most can go wrong. */
function planAndDraw(
  random: Random,
  nodes: Parameters<typeof graph>[0],
  edges: string[],
  given: { from: string; kind: Kind }[],
): void {
  Object.assign(nodes, {
    plan: ['think', { request: 'x' }],
    ok: ['review'],
    draw: ['draw', valuesOf('draw', random)],
  })
  const planned = random() < 0.5 ? 'ok.value' : 'plan.plan'
  edges.push('plan.plan > ok.value', `${planned} > draw.plan`)
  if (random() < 0.3) edges.push('n0.words > draw.prompt')
  given.push(
    { from: 'plan.plan', kind: 'json' },
    { from: 'ok.value', kind: 'json' },
    { from: 'draw.images', kind: 'text' },
  )
  if (random() < 0.4) return
  nodes.look = ['review']
  edges.push('draw.images > look.value')
  given.push({ from: 'look.value', kind: 'text' })
}

function wordsOf(random: Random): string {
  const count = Math.floor(random() * 4)
  return Array.from({ length: count }, (_, i) => `${random() < 0.1 ? '-' : ''}w${i}`).join(' ')
}

function valuesOf(type: string, random: Random): object {
  if (type === 'choice') return { on: random() < 0.5 }
  if (type === 'draw') return { count: 1 + Math.floor(random() * 2), ...(random() < 0.3 && { seed: 5 }) }
  if (type === 'words') return { text: wordsOf(random) }
  if (type === 'text' || type === 'remote') return { text: String(Math.floor(random() * 3)) }
  return {}
}
