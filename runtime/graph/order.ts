/** A directed edge between nodes, whatever else it carries. */
export interface Arc {
  from: string
  to: string
}

/**
 * The nodes so that every one comes after those it depends on; among equals in the order given. What is on a loop,
 * or behind one, is in `rest`. Linear in nodes and edges.
 */
export function order(nodes: Iterable<string>, arcs: readonly Arc[]): { order: string[]; rest: string[] } {
  const waiting = new Map<string, number>()
  for (const node of nodes) waiting.set(node, 0)
  const next = successors(arcs)
  for (const { to } of arcs) waiting.set(to, (waiting.get(to) ?? 0) + 1)
  const sorted = Array.from(waiting.keys()).filter((node) => waiting.get(node) === 0)
  for (const node of sorted) {
    for (const to of next.get(node) ?? []) {
      const left = (waiting.get(to) ?? 0) - 1
      waiting.set(to, left)
      // The loop goes on over what is added here.
      if (left === 0) sorted.push(to)
    }
  }
  return { order: sorted, rest: Array.from(waiting.keys()).filter((node) => waiting.get(node) !== 0) }
}

/** Where one gets from each node in one step, once per edge. */
export function successors(arcs: readonly Arc[]): Map<string, string[]> {
  const next = new Map<string, string[]>()
  for (const { from, to } of arcs) {
    const known = next.get(from)
    if (known) known.push(to)
    else next.set(from, [to])
  }
  return next
}
