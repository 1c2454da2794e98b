import { FLOAT, type Graph, type GraphNode, HALF, type Weights } from './onnx.ts'
import type { RandomModel } from './random-shapes.ts'

/** With `half`, casts stand at the door: floats go in and out in half precision. Inputs get the names used inside. */
export function withDoors(
  options: RandomModel,
  graph: Graph,
  inside: { [name: string]: string } = {},
): Graph {
  const door = (value: Graph['inputs'][number]) =>
    options.half && value.type === FLOAT ? { ...value, type: HALF } : value
  const entries = Object.entries(inside).map(([name, input]) => cast(input, name))
  const results = graph.outputs.map(({ name }) => name)
  const renamed = (name: string) => (results.includes(name) ? `${name}_inside` : name)
  const body = graph.nodes.map((node) => ({ ...node, outputs: node.outputs.map(renamed) }))
  const stored = graph.weights.map((weights) => (options.half && options.full ? halved(weights) : weights))
  return {
    nodes: [
      ...entries,
      ...stored.flatMap(({ name, half }) =>
        half ? [{ op: 'Cast', inputs: [name], outputs: [name.slice(2)], attributes: { to: FLOAT } }] : [],
      ),
      ...body,
      ...results.map((name) => ({
        ...cast(`${name}_inside`, name),
        attributes: { to: options.half ? HALF : FLOAT },
      })),
    ],
    weights: stored,
    inputs: graph.inputs.map(door),
    outputs: graph.outputs.map(door),
  }
}

function halved(weights: Weights): Weights {
  if (weights.data instanceof BigInt64Array || weights.data.length < 65_536) return weights
  return { ...weights, name: `h_${weights.name}`, half: true }
}

function cast(input: string, output: string): GraphNode {
  return { op: 'Cast', inputs: [input], outputs: [output], attributes: { to: FLOAT } }
}
