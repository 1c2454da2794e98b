import type { StartOptions } from '../api.ts'
import { check } from '../check/check.ts'
import { PlanographError } from '../errors.ts'
import { analyse } from '../graph/analyse.ts'
import type { Problem } from '../problem.ts'
import type { ResolvedAuto } from '../run/events.ts'
import { makePlan, type Plan, type PlanNode } from '../run/plan.ts'
import type { Created } from '../run/state.ts'
import { drawSeed } from '../seed.ts'
import type { Json } from '../values.ts'
import type { Workflow } from '../workflow/schema.ts'
import { auto } from './assemble.ts'
import type { RunEnv } from './env.ts'

/** Everything about a new run that is decided before it begins. Throws `invalid` with all problems when it cannot run. */
export async function prepareRun(env: RunEnv, workflow: Workflow, options: StartOptions): Promise<Created> {
  const analysis = analyse(workflow, env.catalog)
  const errors = check(workflow, env.catalog.data, analysis).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw invalid(errors)
  const plan = makePlan(workflow, analysis, env.catalog)
  const targets = targetsOf(plan, options.until)
  const nodes = needed(plan, targets)
  const { refresh, noCache, planAnew } = options
  return {
    type: 'run.created',
    at: env.clock.now(),
    // A copy: what is frozen does not change when the caller's object does.
    workflow: JSON.parse(JSON.stringify(workflow)),
    targets,
    versions: Object.fromEntries(nodes.map(({ definition }) => [definition.type, definition.version])),
    seeds: drawSeeds(nodes, env.random),
    resolved: await resolveEarly(nodes, env.services),
    options: { refresh, noCache, planAnew },
  }
}

export function invalid(problems: Problem[]): PlanographError {
  const lines = problems.map(({ message }) => message)
  return new PlanographError('invalid', lines.join('\n'), {
    code: 'invalid-workflow',
    hint: problems.map(({ hint }) => hint).join('\n'),
    details: { problems: problems as unknown as Json },
  })
}

/** `until`, else declared outputs and sinks, else every leaf. */
function targetsOf(plan: Plan, until?: string[]): string[] {
  const { nodes } = plan
  for (const id of until ?? [])
    if (!nodes.has(id))
      throw new PlanographError('invalid', `There is no node "${id}" to run until.`, {
        code: 'unknown-target',
        hint: `Name one of: ${[...nodes.keys()].join(', ')}.`,
      })
  if (until && until.length > 0) return [...new Set(until)]
  const declared = Object.values(plan.outputs).map(({ node }) => node)
  const sinks = plan.order.filter(({ definition }) => definition.sink).map(({ id }) => id)
  const named = [...new Set([...declared, ...sinks])].filter((id) => plan.nodes.has(id))
  const targets = named.length > 0 ? named : leaves(plan)
  if (targets.length > 0) return targets
  throw new PlanographError('invalid', 'There is nothing to run.', {
    code: 'nothing-to-run',
    hint: 'Add a node, or unmute the ones that are there.',
  })
}

function leaves({ order }: Plan): string[] {
  return order.filter(({ readers }) => readers.length === 0).map(({ id }) => id)
}

/** The targets and all that comes before them, lazy branches included. */
function needed({ nodes, order }: Plan, targets: string[]): PlanNode[] {
  const found = new Set<PlanNode>()
  const stack = targets.flatMap((id) => nodes.get(id) ?? [])
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (found.has(node)) continue
    found.add(node)
    for (const { source } of node.inputs) stack.push(source)
  }
  return order.filter((node) => found.has(node))
}

/** Random seeds are drawn once, here, and recorded. */
function drawSeeds(nodes: PlanNode[], random: () => number): { [node: string]: number } {
  const seeds: { [node: string]: number } = {}
  for (const { id, seedField, values, inputs } of nodes) {
    if (seedField === undefined) continue
    const set = values[seedField]
    const wired = inputs.some(({ field }) => field === seedField)
    if (wired || set === undefined || set === -1) seeds[id] = drawSeed(random)
  }
  return seeds
}

/** Choices that depend on nothing a step makes are taken now; where a server does not answer, its step asks again. */
async function resolveEarly(nodes: PlanNode[], services: unknown): Promise<{ [node: string]: ResolvedAuto }> {
  const resolved: { [node: string]: ResolvedAuto } = {}
  for (const { id, definition, values, inputs } of nodes) {
    const { auto: choose, fields } = definition
    if (!choose) continue
    const open = Object.keys(fields).filter((name) => fields[name]?.default === auto)
    const needs = new Set([...choose.from, ...open])
    if (inputs.some(({ field }) => needs.has(field) || fields[field]?.fills)) continue
    const known = Object.fromEntries(
      Object.entries(fields).flatMap(([name, spec]) => {
        const value = values[name] ?? spec.default
        return value === undefined ? [] : [[name, value]]
      }),
    )
    const chosen = await choose.resolve(known, services).catch(() => undefined)
    if (chosen) resolved[id] = chosen
  }
  return resolved
}
