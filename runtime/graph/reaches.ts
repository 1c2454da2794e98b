import { type Arc, successors } from './order.ts'

/** Every node that one gets to along the arcs from the given ones, these included. Linear in nodes and edges. */
export function downstream(from: Iterable<string>, arcs: readonly Arc[]): Set<string> {
  const reached = new Set(from)
  const next = successors(arcs)
  // A set is walked in the order of insertion, and what is added on the way is walked too.
  for (const node of reached) for (const to of next.get(node) ?? []) reached.add(to)
  return reached
}

/** Every node that the given ones depend on, these included. */
export function upstream(of: Iterable<string>, arcs: readonly Arc[]): Set<string> {
  return downstream(
    of,
    arcs.map(({ from, to }) => ({ from: to, to: from })),
  )
}

/** Whether one gets from one node to another along the arcs; a node reaches itself. */
export function reaches(from: string, to: string, arcs: readonly Arc[]): boolean {
  return downstream([from], arcs).has(to)
}
