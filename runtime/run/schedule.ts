import type { StoredOutput } from './events.ts'
import { grow, type NewStep } from './grow.ts'
import type { PlanInput, PlanNode } from './plan.ts'
import { wholeList } from './sequence.ts'
import { factOf, type NodeState, type RunState, type Slot, type Step } from './state.ts'

/** Makes the given nodes, and all they need that is not lazy, part of the run. */
export function activate(state: RunState, ids: Iterable<string>): void {
  const found = new Set<PlanNode>()
  const stack: PlanNode[] = []
  const want = (node: PlanNode | undefined) => {
    if (!node || found.has(node) || state.nodes.has(node.id)) return
    found.add(node)
    stack.push(node)
  }
  for (const id of ids) want(state.plan.nodes.get(id))
  for (let node = stack.pop(); node; node = stack.pop())
    for (const input of node.inputs) if (isNeeded(input)) want(input.source)
  for (const node of [...found].sort((a, b) => a.order - b.order)) open(state, node)
  propagate(state)
}

/** How many steps a mapped node has follows from its lists, so these are never lazy. */
function isNeeded({ lazy, mode }: PlanInput): boolean {
  return !lazy || mode === 'mapped'
}

/** Asks for lazy fields of a step: their sources become part of the run, and the step waits for them. */
export function demand(state: RunState, step: Step, fields: readonly string[]): void {
  const { demanded } = step.fact
  const asked = step.node.plan.inputs.filter(({ lazy, field }) => lazy && fields.includes(field))
  const fresh = asked.filter(({ field }) => !demanded.has(field))
  for (const field of fields) demanded.add(field)
  activate(
    state,
    fresh.map((input) => input.source.id),
  )
  step.fact.busy = false
  state.busy--
  for (const input of fresh) waitFor(state, step, input, step.slots.get(input))
  if (step.blocked === 0) state.queue.push(step)
  propagate(state)
}

/** A step has its outcome (done, failed, rejected): what waits for it goes on. */
export function settle(state: RunState, step: Step): void {
  close(state, step)
  propagate(state)
}

function close(state: RunState, step: Step): void {
  fillOutputs(step)
  step.settled = true
  const { node } = step
  node.settled.push(step)
  node.unsettled--
  for (const slot of Object.values(step.single)) wake(state, slot)
  touchReaders(state, node)
  completeIfDone(state, node)
}

/** Throws away all scheduling and makes it anew from the facts. */
export function reschedule(state: RunState): void {
  state.nodes.clear()
  state.ready = []
  state.queue = []
  state.dirty.clear()
  state.busy = 0
  activate(state, [...targetsOf(state), ...demandedNodes(state)])
}

/** What the run is to reach. With a node type that is not installed any more it can only be looked at, all of it. */
export function targetsOf({ created: { targets }, plan }: RunState): string[] {
  return targets.every((id) => plan.nodes.has(id)) ? targets : [...plan.nodes.keys()]
}

function demandedNodes({ facts, plan }: RunState): string[] {
  return [...facts.values()].flatMap(({ node, demanded }) => {
    if (demanded.size === 0) return []
    const inputs = plan.nodes.get(node)?.inputs ?? []
    return inputs.filter(({ lazy, field }) => lazy && demanded.has(field)).map(({ source }) => source.id)
  })
}

function open(state: RunState, plan: PlanNode): void {
  const node: NodeState = {
    plan,
    steps: new Map(),
    created: [],
    settled: [],
    unsettled: 0,
    closed: plan.mapped.length === 0,
    complete: false,
    wholeWaiters: [],
    cursor: 0,
  }
  state.nodes.set(plan.id, node)
  if (node.closed) createStep(state, node, { index: '', labels: [], rank: 0, slots: new Map() })
  else state.dirty.add(node)
}

function createStep(state: RunState, node: NodeState, { index, labels, rank, slots }: NewStep): void {
  const fact = factOf(state, node.plan.id, index)
  const step: Step = {
    fact,
    node,
    index,
    labels,
    rank,
    slots,
    blocked: 0,
    settled: false,
    single: {},
    lists: {},
  }
  node.steps.set(index, step)
  node.created.push(step)
  node.unsettled++
  for (const output in node.plan.givesList) {
    if (!node.plan.givesList[output])
      step.single[output] = { path: index, labels, state: 'pending', producer: step, waiters: [] }
  }
  touchReaders(state, node)
  for (const input of node.plan.inputs)
    if (!input.lazy || fact.demanded.has(input.field)) waitFor(state, step, input, slots.get(input))
  if (step.blocked === 0 || isFinal(step)) state.queue.push(step)
}

function isFinal({ fact }: Step): boolean {
  return fact.status === 'done' || fact.status === 'failed' || fact.status === 'rejected'
}

/** Makes a step wait for one of its inputs, or notes that the input is broken. */
function waitFor(state: RunState, step: Step, input: PlanInput, mapped: Slot | undefined): void {
  const source = state.nodes.get(input.source.id)
  if (!source) return
  if (input.mode === 'whole') {
    if (source.complete) readWhole(step, input, source)
    else {
      source.wholeWaiters.push({ step, input })
      step.blocked++
    }
    return
  }
  const slot = mapped ?? source.steps.get('')?.single[input.output]
  if (!slot) return
  step.slots.set(input, slot)
  if (slot.state === 'broken') step.broken ??= brokenBy(slot)
  else if (slot.state === 'pending') {
    slot.waiters.push(step)
    step.blocked++
  }
}

function readWhole(step: Step, input: PlanInput, source: NodeState): void {
  if (input.partial) return
  const broken = wholeList(source, input.output).find((slot) => slot.state === 'broken')
  if (broken) step.broken ??= brokenBy(broken)
}

function brokenBy({ producer }: Slot): string {
  const { fact, skipped } = producer
  if (skipped !== undefined) return skipped
  if (fact.status === 'rejected') return `"${fact.key}" was rejected.`
  return `"${fact.key}" failed.`
}

function fillOutputs(step: Step): void {
  const done = step.fact.status === 'done' && step.skipped === undefined
  const outputs = done ? (step.fact.outputs ?? {}) : {}
  for (const [name, slot] of Object.entries(step.single)) {
    const stored = outputs[name]
    slot.state = stored && !('items' in stored) ? 'ready' : 'broken'
    if (stored && !('items' in stored)) slot.value = stored
  }
  for (const name in step.node.plan.givesList)
    if (step.node.plan.givesList[name]) step.lists[name] = itemSlots(step, outputs[name])
}

function itemSlots(step: Step, stored: StoredOutput | undefined): Slot[] {
  const base = { labels: step.labels, producer: step, waiters: [] }
  if (!stored || !('items' in stored)) return [{ ...base, path: step.index, state: 'broken', hole: true }]
  return stored.items.map((item, i) => {
    const path = step.index === '' ? String(i) : `${step.index}.${i}`
    const labels = item.label === undefined ? step.labels : [...step.labels, item.label]
    return 'failed' in item
      ? { ...base, path, labels, state: 'broken' }
      : { ...base, path, labels, state: 'ready', value: item }
  })
}

function wake(state: RunState, slot: Slot): void {
  for (const step of slot.waiters) {
    if (slot.state === 'broken') step.broken ??= brokenBy(slot)
    if (--step.blocked === 0) state.queue.push(step)
  }
  slot.waiters = []
}

function touchReaders(state: RunState, { plan }: NodeState): void {
  for (const reader of plan.readers) {
    if (reader.mapped.length === 0) continue
    const node = state.nodes.get(reader.id)
    if (node && !node.closed) state.dirty.add(node)
  }
}

function completeIfDone(state: RunState, node: NodeState): void {
  if (!node.closed || node.unsettled > 0 || node.complete) return
  node.complete = true
  touchReaders(state, node)
  for (const { step, input } of node.wholeWaiters) {
    readWhole(step, input, node)
    if (--step.blocked === 0) state.queue.push(step)
  }
  node.wholeWaiters = []
}

/** Works off what has become possible, without recursion: graphs are deep. */
function propagate(state: RunState): void {
  while (state.queue.length > 0 || state.dirty.size > 0) {
    const steps = state.queue
    state.queue = []
    for (const step of steps) advance(state, step)
    const [node] = state.dirty
    if (!node || state.queue.length > 0) continue
    state.dirty.delete(node)
    expand(state, node)
  }
}

function expand(state: RunState, node: NodeState): void {
  const { steps, closed } = grow(state, node)
  for (const step of steps) createStep(state, node, step)
  if (!closed || node.closed) return
  node.closed = true
  touchReaders(state, node)
  completeIfDone(state, node)
}

function advance(state: RunState, step: Step): void {
  if (step.settled) return
  if (!isFinal(step)) step.skipped = step.broken
  if (isFinal(step) || step.skipped !== undefined) close(state, step)
  else if (step.fact.status !== 'waiting') {
    state.busy++
    if (!step.fact.busy) state.ready.push(step)
  }
}
