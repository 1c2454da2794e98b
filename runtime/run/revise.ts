import type { Decision, Review } from '../review.ts'
import type { RunEvent } from './events.ts'
import type { PlanNode } from './plan.ts'
import { wholeList } from './sequence.ts'
import { type RunState, type Slot, type Step, stepOf } from './state.ts'

export type Anew = NonNullable<Extract<RunEvent, { type: 'review.decided' }>['anew']>[number]
type Targets = { ok: true; anew: Anew[] } | { ok: false; reason: string; hint: string }
type Revise = Extract<Decision, { kind: 'revise' }>

/**
 * The steps a revision goes to. Feedback goes to the nearest step upstream that listens to it, never silently to one
 * that ignores it; without feedback to the nearest that can draw again. Only the named items are done anew.
 */
export function reviseTargets(state: RunState, review: Review, decision: Revise): Targets {
  const asking = stepOf(state, review.node, review.index)
  if (!asking)
    return refuse(`Review "${review.id}" belongs to no step of this run.`, 'Look at the open reviews.')
  const before = stepsBefore(state, asking)
  const node = targetNode(asking.node.plan, [...new Set(before.map((step) => step.node.plan))], decision)
  if ('reason' in node) return { ok: false, ...node }
  if (decision.items) return itemTargets(state, asking, node, decision.items)
  const steps = before.filter((step) => step.node.plan === node)
  return { ok: true, anew: steps.map((step) => ({ step: refOf(step) })) }
}

function targetNode(
  from: PlanNode,
  upstream: PlanNode[],
  { node: named, feedback, drawing }: Revise,
): PlanNode | { reason: string; hint: string } {
  const says = feedback !== '' || drawing !== undefined
  if (named !== undefined) return namedNode(upstream, from, named, says)
  const listens = upstream.find(({ definition }) => definition.revisable === 'feedback')
  const redraws = upstream.find(({ definition }) => definition.revisable === 'redraw')
  const found = says ? listens : (redraws ?? listens)
  if (found) return found
  if (says && redraws)
    return {
      reason: `Nothing before "${from.id}" reads feedback; "${redraws.id}" can only draw again.`,
      hint: 'Send it back without words, or edit the value yourself.',
    }
  return {
    reason: `Nothing before "${from.id}" can be done again.`,
    hint: 'Edit the value, approve or reject.',
  }
}

function namedNode(upstream: PlanNode[], from: PlanNode, named: string, says: boolean) {
  const node = upstream.find(({ id }) => id === named)
  if (!node)
    return { reason: `"${named}" does not come before "${from.id}".`, hint: `Name one of: ${ids(upstream)}.` }
  const { revisable } = node.definition
  if (!revisable)
    return { reason: `"${named}" cannot be done again.`, hint: `Name one of: ${ids(upstream)}.` }
  if (says && revisable !== 'feedback')
    return {
      reason: `"${named}" can only draw again; it does not read feedback.`,
      hint: 'Send it back without words, or send the feedback to a step that plans.',
    }
  return node
}

function ids(upstream: PlanNode[]): string {
  const revisable = upstream.filter(({ definition }) => definition.revisable).map(({ id }) => id)
  return revisable.length > 0 ? revisable.join(', ') : '(there is none)'
}

/** The steps that the asking one was made from, the nearest first. Of a mapped node only those of its own item. */
function stepsBefore(state: RunState, asking: Step): Step[] {
  const found = new Set<Step>()
  let edge = [asking]
  while (edge.length > 0) {
    const next: Step[] = []
    for (const step of edge)
      for (const source of sourcesOf(state, step)) {
        if (found.has(source)) continue
        found.add(source)
        next.push(source)
      }
    edge = next
  }
  return [...found]
}

function sourcesOf(state: RunState, step: Step): Step[] {
  return step.node.plan.inputs.flatMap((input) => {
    if (input.lazy && !step.fact.demanded.has(input.field)) return []
    if (input.mode === 'whole') return state.nodes.get(input.source.id)?.created ?? []
    return step.slots.get(input)?.producer ?? []
  })
}

function itemTargets(state: RunState, asking: Step, node: PlanNode, items: number[]): Targets {
  const input = asking.node.plan.inputs.find(({ mode }) => mode === 'whole')
  const source = input && state.nodes.get(input.source.id)
  if (!input || !source)
    return refuse('Only one thing is reviewed here, not a list.', 'Send it back as a whole.')
  const slots = wholeList(source, input.output).filter((slot) => slot.state === 'ready')
  const found = new Map<string, Anew>()
  for (const item of items) {
    const slot = slots[item]
    if (!slot)
      return refuse(
        `There is no item ${item}; there are ${slots.length}, counted from 0.`,
        'Name items of the list.',
      )
    const traced = trace(slot, node)
    if (!traced)
      return refuse(`Item ${item} cannot be traced to one piece of "${node.id}".`, 'Send all of it back.')
    addItem(found, traced)
  }
  return { ok: true, anew: [...found.values()] }
}

interface Traced {
  step: Step
  /** Position in the step's own list; absent when it gives a single value. */
  item?: number
}

/** Follows an item back, item by item, to the step of `node` that made it. */
function trace(slot: Slot, node: PlanNode): Traced | undefined {
  const { producer } = slot
  if (producer.node.plan === node) {
    const own = producer.index === '' ? slot.path : slot.path.slice(producer.index.length + 1)
    return own === '' ? { step: producer } : { step: producer, item: Number(own) }
  }
  for (const above of producer.slots.values()) {
    const traced = trace(above, node)
    if (traced) return traced
  }
  return undefined
}

function addItem(found: Map<string, Anew>, { step, item }: Traced): void {
  const known = found.get(step.index)
  if (item === undefined) found.set(step.index, { step: refOf(step) })
  else if (known?.items) known.items.push(item)
  else found.set(step.index, { step: refOf(step), items: [item] })
}

function refOf({ fact, index }: Step) {
  return { node: fact.node, index, round: fact.round }
}

function refuse(reason: string, hint: string): Targets {
  return { ok: false, reason, hint }
}
