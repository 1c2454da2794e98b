import type { Failure } from '../errors.ts'
import type { PlanInput, PlanNode } from './plan.ts'
import { knownPrefix, type Prefix } from './sequence.ts'
import { factOf, type NodeState, type RunState, type Slot } from './state.ts'

/** A step that a mapped node is to have. */
export interface NewStep {
  index: string
  labels: readonly string[]
  rank: number
  slots: Map<PlanInput, Slot>
}

interface Growth {
  steps: NewStep[]
  closed: boolean
}

/** The steps a mapped node gets beyond those it has, given what is known of the lists it is mapped over. */
export function grow(state: RunState, node: NodeState): Growth {
  const { mapped, lists } = node.plan
  const [only, ...others] = mapped
  if (!only) return { steps: [], closed: node.closed }
  if (others.length === 0)
    return needsRank(node.plan) ? growRanked(state, node, only) : growOne(state, node, only)
  return lists === 'combine' ? growCombined(state, node) : growZipped(state, node)
}

/** A seed that is counted on for each item needs the item's position. */
function needsRank({ seedField, inputs }: PlanNode): boolean {
  return seedField !== undefined && !inputs.some((input) => input.field === seedField)
}

/** Item by item, in whatever order they become known. */
function growOne(state: RunState, node: NodeState, input: PlanInput): Growth {
  const source = state.nodes.get(input.source.id)
  if (!source) return { steps: [], closed: false }
  const givesList = source.plan.givesList[input.output]
  const known = givesList ? source.settled : source.created
  const steps: NewStep[] = []
  for (; node.cursor < known.length; node.cursor++) {
    const step = known[node.cursor]
    if (!step) continue
    const slots = givesList ? (step.lists[input.output] ?? []) : [step.single[input.output]]
    for (const slot of slots) if (slot) steps.push(fromSlots(slot.path, 0, new Map([[input, slot]])))
  }
  return { steps, closed: givesList ? source.complete : source.closed }
}

function growRanked(state: RunState, node: NodeState, input: PlanInput): Growth {
  const { slots, closed } = knownPrefix(state, input)
  const steps: NewStep[] = []
  for (; node.cursor < slots.length; node.cursor++) {
    const slot = slots[node.cursor]
    if (slot) steps.push(fromSlots(slot.path, node.cursor, new Map([[input, slot]])))
  }
  return { steps, closed }
}

/** Zipped by position; lists of unequal lengths fail the node. */
function growZipped(state: RunState, node: NodeState): Growth {
  const { mapped } = node.plan
  const lists = mapped.map((input) => knownPrefix(state, input))
  const hole = skippedByHole(mapped, lists)
  if (hole) return hole
  if (unevenLists(lists)) {
    failNode(state, node, lists)
    return { steps: [{ index: '', labels: [], rank: 0, slots: new Map() }], closed: true }
  }
  const length = Math.min(...lists.map((list) => list.slots.length))
  const steps: NewStep[] = []
  for (; node.cursor < length; node.cursor++) steps.push(zipAt(mapped, lists, node.cursor))
  return { steps, closed: lists.every((list) => list.closed) }
}

/** A list that was never made has no length: all that it would have been combined with is skipped, as one step. */
function skippedByHole(mapped: PlanInput[], lists: Prefix[]): Growth | undefined {
  for (const [i, input] of mapped.entries()) {
    const hole = lists[i]?.slots.find((slot) => slot.hole)
    if (hole) return { steps: [fromSlots('', 0, new Map([[input, hole]]))], closed: true }
  }
  return undefined
}

function zipAt(mapped: PlanInput[], lists: Prefix[], position: number): NewStep {
  const slots = new Map<PlanInput, Slot>()
  mapped.forEach((input, i) => {
    const slot = lists[i]?.slots[position]
    if (slot) slots.set(input, slot)
  })
  return fromSlots(String(position), position, slots)
}

function unevenLists(lists: Prefix[]): boolean {
  const ends = lists.filter((list) => list.closed).map((list) => list.slots.length)
  const longest = Math.max(...lists.map((list) => list.slots.length))
  return ends.some((end) => end !== ends[0] || end < longest)
}

function failNode(state: RunState, node: NodeState, lists: Prefix[]): void {
  const lengths = node.plan.mapped.map((input, i) => `"${input.field}" has ${lists[i]?.slots.length ?? 0}`)
  const failure: Failure = {
    class: 'invalid',
    code: 'unequal-lists',
    message: `The lists wired into "${node.plan.id}" have different lengths: ${lengths.join(', ')}.`,
    hint: 'Give lists of the same length, or set the node to combine every item with every other.',
    retry: false,
  }
  const fact = factOf(state, node.plan.id, '')
  fact.status = 'failed'
  fact.failure = failure
}

/** Every item with every other; the first list turns slowest. */
function growCombined(state: RunState, node: NodeState): Growth {
  const lists = node.plan.mapped.map((input) => knownPrefix(state, input))
  const hole = skippedByHole(node.plan.mapped, lists)
  if (hole) return hole
  const closed = lists.every((list) => list.closed)
  if (!closed && needsRank(node.plan)) return { steps: [], closed }
  let rows: Map<PlanInput, Slot>[] = [new Map()]
  node.plan.mapped.forEach((input, i) => {
    const slots = lists[i]?.slots ?? []
    rows = rows.flatMap((row) => slots.map((slot) => new Map(row).set(input, slot)))
  })
  const steps = rows.map((row, rank) =>
    fromSlots([...row.values()].map((slot) => slot.path).join('.'), rank, row),
  )
  return { steps: steps.filter((step) => !node.steps.has(step.index)), closed }
}

function fromSlots(index: string, rank: number, slots: Map<PlanInput, Slot>): NewStep {
  const [first, second] = slots.values()
  const labels = second
    ? [...new Set([...slots.values()].flatMap((slot) => slot.labels))]
    : (first?.labels ?? [])
  return { index, labels, rank, slots }
}
