import type { PlanInput } from './plan.ts'
import type { NodeState, RunState, Slot, Step } from './state.ts'

/** Orders map index paths: `2` before `10`, `2` before `2.0`. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0
  const left = a.split('.')
  const right = b.split('.')
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = Number(left[i]) - Number(right[i])
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

export function stepsInOrder(node: NodeState): Step[] {
  return node.created.length < 2
    ? node.created
    : [...node.created].sort((a, b) => comparePaths(a.index, b.index))
}

/** Slots of one output of one settled or single-valued step. */
function slotsOf(step: Step, output: string): Slot[] {
  const single = step.single[output]
  return single ? [single] : (step.lists[output] ?? [])
}

/** The whole list at an output of a node that is complete, in index order. */
export function wholeList(node: NodeState, output: string): Slot[] {
  const steps = stepsInOrder(node)
  const only = steps.length === 1 ? steps[0] : undefined
  return only ? slotsOf(only, output) : steps.flatMap((step) => slotsOf(step, output))
}

export interface Prefix {
  slots: Slot[]
  /** Nothing will follow. */
  closed: boolean
}

/** The beginning of a list whose positions are known already: up to the first step whose items are not. */
export function knownPrefix(state: RunState, input: PlanInput): Prefix {
  const node = state.nodes.get(input.source.id)
  if (!node) return { slots: [], closed: false }
  const { steps, closed } = stepPrefix(state, node)
  if (!node.plan.givesList[input.output])
    return { slots: steps.flatMap((step) => slotsOf(step, input.output)), closed }
  const slots: Slot[] = []
  for (const step of steps) {
    if (!step.settled) return { slots, closed: false }
    slots.push(...slotsOf(step, input.output))
  }
  return { slots, closed }
}

/** Steps of a node in order, as far as no other can come between them. */
function stepPrefix(state: RunState, node: NodeState): { steps: Step[]; closed: boolean } {
  const [first, ...others] = node.plan.mapped
  if (node.closed || !first) return { steps: stepsInOrder(node), closed: node.closed }
  if (others.length > 0)
    // Zipped steps come in order; of combined ones, any may still come between two others.
    return { steps: node.plan.lists === 'combine' ? [] : stepsInOrder(node), closed: false }
  const steps: Step[] = []
  for (const slot of knownPrefix(state, first).slots) {
    const step = node.steps.get(slot.path)
    if (!step) break
    steps.push(step)
  }
  return { steps, closed: false }
}
