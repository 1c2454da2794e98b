import { type Arc, order, successors } from './order.ts'

/**
 * One loop of each group of nodes that depend on one another, as the nodes along it from its first in the order
 * given. Empty when there is none. Linear in nodes and edges.
 */
export function cycles(nodes: Iterable<string>, arcs: readonly Arc[]): string[][] {
  const rest = new Set(order(nodes, arcs).rest)
  if (rest.size === 0) return []
  const inner = arcs.filter(({ from, to }) => rest.has(from) && rest.has(to))
  const next = successors(inner)
  return groups(rest, inner).flatMap((group) => {
    const loop = shortestLoop(group, next)
    return loop ? [loop] : []
  })
}

/** Strongly connected groups, by Kosaraju's two walks (S. R. Kosaraju 1978; M. Sharir 1981). */
function groups(nodes: ReadonlySet<string>, arcs: readonly Arc[]): string[][] {
  const finished = finishingOrder(nodes, successors(arcs))
  const back = successors(arcs.map(({ from, to }) => ({ from: to, to: from })))
  const place = new Map(Array.from(nodes, (node, index) => [node, index]))
  const byPlace = (a: string, b: string) => (place.get(a) ?? 0) - (place.get(b) ?? 0)
  const seen = new Set<string>()
  const found: string[][] = []
  for (const start of finished.reverse()) {
    if (seen.has(start)) continue
    const group = [start]
    seen.add(start)
    for (const node of group)
      for (const before of back.get(node) ?? [])
        if (!seen.has(before)) {
          seen.add(before)
          group.push(before)
        }
    found.push(group.sort(byPlace))
  }
  return found.sort(([a = ''], [b = '']) => byPlace(a, b))
}

/** Depth first, with a stack of our own: workflows may be deeper than the call stack. */
function finishingOrder(nodes: Iterable<string>, next: Map<string, string[]>): string[] {
  const finished: string[] = []
  const seen = new Set<string>()
  for (const start of nodes) {
    if (seen.has(start)) continue
    seen.add(start)
    const path = [{ node: start, at: 0 }]
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const to = next.get(top.node)?.[top.at++]
      if (to === undefined) finished.push(path.pop()?.node ?? top.node)
      else if (!seen.has(to)) {
        seen.add(to)
        path.push({ node: to, at: 0 })
      }
    }
  }
  return finished
}

/** Breadth first from the group's first node back to it; undefined for a node that is only behind a loop. */
function shortestLoop(group: string[], next: Map<string, string[]>): string[] | undefined {
  const [start] = group
  if (start === undefined) return undefined
  const inGroup = new Set(group)
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const node of queue)
    for (const to of next.get(node) ?? []) {
      if (to === start) return pathTo(node, cameFrom)
      if (!inGroup.has(to) || cameFrom.has(to)) continue
      cameFrom.set(to, node)
      queue.push(to)
    }
  return undefined
}

function pathTo(end: string, cameFrom: Map<string, string>): string[] {
  const path = [end]
  for (let node = cameFrom.get(end); node !== undefined; node = cameFrom.get(node)) path.push(node)
  return path.reverse()
}
