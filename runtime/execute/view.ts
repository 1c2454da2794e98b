import type { ReviewView, RunView, StepView } from '../api.ts'
import type { Blobs } from '../define-node.ts'
import { failuresIn, type StepStatus } from '../run/events.ts'
import { stepsInOrder, wholeList } from '../run/sequence.ts'
import type { Fact, NodeState, ReviewState, RunState, Step } from '../run/state.ts'
import { seedsOf, statusOf } from '../run/status.ts'
import type { RunHead } from '../storage.ts'
import type { Json } from '../values.ts'
import { isGone, loadOutput, loadValue } from './stored.ts'

/** A run as people and programs read it. */
export async function viewRun(head: RunHead, state: RunState, seq: number, blobs: Blobs): Promise<RunView> {
  const { workflow, at } = state.created
  const steps: StepView[] = []
  const needed = wanted(state)
  for (const plan of state.plan.order) {
    const node = state.nodes.get(plan.id)
    if (node) for (const step of stepsInOrder(node)) steps.push(await stepView(state, step, blobs))
    else if (needed.has(plan.id)) steps.push(unneeded(plan.id, plan.definition.type))
  }
  return {
    id: head.id,
    workflowId: head.workflowId,
    name: head.name,
    status: statusOf(state),
    createdAt: at,
    endedAt: state.ended?.at,
    workflow,
    seeds: seedsOf(state),
    steps,
    reviews: [...state.reviews.values()].filter(({ status }) => status !== 'superseded').map(reviewView),
    outputs: await declaredOutputs(state, blobs),
    reason: state.halted?.reason,
    seq,
  }
}

export function reviewView({ review, decision, decidedAt, from }: ReviewState): ReviewView {
  return { ...review, decision, decidedAt, from }
}

async function stepView(state: RunState, step: Step, blobs: Blobs): Promise<StepView> {
  const { fact, node, labels, skipped } = step
  const { outputs, gone } = await keptOutputs(fact, blobs)
  return {
    node: fact.node,
    index: fact.index,
    round: fact.round,
    type: node.plan.definition.type,
    status: stepStatus(state, step, fact),
    attempt: fact.attempt,
    ms: fact.ms,
    from: fact.from,
    failure: fact.status === 'failed' ? fact.failure : undefined,
    itemFailures: fact.partly && fact.outputs ? failuresIn(fact.outputs) : undefined,
    reason: skipped,
    notes: [...fact.notes, ...gone.map((name) => `The output "${name}" was cleaned up.`)],
    labels: [...labels],
    outputs,
    parts: fact.parts,
  }
}

/** Outputs of an ended run may age out; what is left is shown. */
async function keptOutputs(
  fact: Fact,
  blobs: Blobs,
): Promise<{ outputs?: { [output: string]: Json }; gone: string[] }> {
  const gone: string[] = []
  if (!fact.outputs) return { gone }
  const outputs: { [output: string]: Json } = {}
  for (const [name, stored] of Object.entries(fact.outputs)) {
    const value = await kept(loadOutput(stored, blobs))
    if (value === undefined) gone.push(name)
    else outputs[name] = value
  }
  return { outputs, gone }
}

async function kept(loading: Promise<Json | undefined>): Promise<Json | undefined> {
  try {
    return await loading
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

function stepStatus(state: RunState, { skipped }: Step, fact: Fact): StepStatus {
  if (skipped !== undefined) return 'skipped'
  if (fact.status === 'done') return fact.from ? 'cached' : 'done'
  if (fact.status === 'failed' || fact.status === 'rejected') return fact.status
  if (state.ended || state.cancelled) return 'cancelled'
  if (state.halted?.status === 'blocked') return 'blocked'
  if (fact.status === 'open') return fact.busy ? 'queued' : 'pending'
  return fact.status
}

/** Nodes that would run if something asked for them: behind lazy fields. */
function wanted({ plan, created }: RunState): Set<string> {
  const found = new Set<string>()
  const stack = created.targets.flatMap((id) => plan.nodes.get(id) ?? [])
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (found.has(node.id)) continue
    found.add(node.id)
    for (const { source } of node.inputs) stack.push(source)
  }
  return found
}

function unneeded(node: string, type: string): StepView {
  return {
    node,
    index: '',
    round: 1,
    type,
    status: 'skipped',
    attempt: 0,
    ms: 0,
    notes: [],
    labels: [],
    reason: 'Not needed.',
  }
}

async function declaredOutputs(state: RunState, blobs: Blobs): Promise<{ [name: string]: Json }> {
  const found: { [name: string]: Json } = {}
  for (const [name, node, output] of addresses(state)) {
    const value = await kept(outputValue(state.nodes.get(node), output, blobs))
    if (value !== undefined) found[name] = value
  }
  return found
}

function addresses({ created, plan, nodes }: RunState): [name: string, node: string, output: string][] {
  if (Object.keys(created.workflow.outputs ?? {}).length > 0)
    return Object.entries(plan.outputs).map(([name, { node, output }]) => [name, node, output])
  const leaves = plan.order.filter(
    ({ id, readers }) => nodes.has(id) && !readers.some((reader) => nodes.has(reader.id)),
  )
  return leaves.flatMap(({ id, definition }) =>
    Object.keys(definition.outputs).map((output): [string, string, string] => [
      `${id}.${output}`,
      id,
      output,
    ]),
  )
}

async function outputValue(
  node: NodeState | undefined,
  output: string,
  blobs: Blobs,
): Promise<Json | undefined> {
  const type = node?.plan.outputs[output]
  if (!node || !type) return undefined
  const slots = wholeList(node, output).filter((slot) => slot.state === 'ready')
  const values = await Promise.all(
    slots.flatMap((slot) => (slot.value ? [loadValue(slot.value, blobs)] : [])),
  )
  return type.list ? (values.length > 0 || node.complete ? values : undefined) : values[0]
}
