/** Writes ONNX models: just enough of the protobuf of onnx.proto (IR version 8, opset 17) for graphs made in tests. */
import { toHalf } from '../../nodes/services/images/embedded/half.ts'

export const FLOAT = 1
export const INT32 = 6
export const INT64 = 7
export const HALF = 10

export type Attribute = number | string | readonly number[] | { float: number }

export interface GraphNode {
  op: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes?: { readonly [name: string]: Attribute }
}

export interface Value {
  name: string
  type: number
  /** A text names a dimension of any size. */
  dims: readonly (number | string)[]
}

export interface Weights {
  name: string
  dims: readonly number[]
  /** Repeated until the dims are full, so that large ones cost no time. */
  data: Float32Array | BigInt64Array
  /** Stored in half precision. */
  half?: boolean
}

export interface Graph {
  nodes: readonly GraphNode[]
  weights: readonly Weights[]
  inputs: readonly Value[]
  outputs: readonly Value[]
}

/** The bytes of `model.onnx`; with `external`, weights go to a file of that name, whose bytes come back as `data`. */
export function writeOnnx(graph: Graph, external?: string): { model: Uint8Array; data: Uint8Array } {
  const rest: Uint8Array[] = []
  const keep = (bytes: Uint8Array): { offset: number; length: number } => {
    const offset = rest.reduce((sum, part) => sum + part.length, 0)
    rest.push(bytes)
    return { offset, length: bytes.length }
  }
  const body = joined([
    ...graph.nodes.map((node) => field(1, nodeBytes(node))),
    field(2, text('graph')),
    ...graph.weights.map((weights) => field(5, weightBytes(weights, external, keep))),
    ...graph.inputs.map((value) => field(11, valueBytes(value))),
    ...graph.outputs.map((value) => field(12, valueBytes(value))),
  ])
  const opset = joined([field(1, text('')), number(2, 17)])
  const model = joined([number(1, 8), field(2, text('planograph-tests')), field(7, body), field(8, opset)])
  return { model, data: joined(rest) }
}

function nodeBytes({ op, inputs, outputs, attributes = {} }: GraphNode): Uint8Array {
  return joined([
    ...inputs.map((name) => field(1, text(name))),
    ...outputs.map((name) => field(2, text(name))),
    field(4, text(op)),
    ...Object.entries(attributes).map(([name, value]) => field(5, attributeBytes(name, value))),
  ])
}

/** Types of AttributeProto: 1 float, 2 int, 3 string, 7 ints. */
function attributeBytes(name: string, value: Attribute): Uint8Array {
  const named = field(1, text(name))
  if (typeof value === 'number') return joined([named, number(3, value), number(20, 2)])
  if (typeof value === 'string') return joined([named, field(4, text(value)), number(20, 3)])
  if ('float' in value) return joined([named, float(2, value.float), number(20, 1)])
  return joined([named, ...value.map((item) => number(8, item)), number(20, 7)])
}

function weightBytes(
  { name, dims, data, half }: Weights,
  external: string | undefined,
  keep: (bytes: Uint8Array) => { offset: number; length: number },
): Uint8Array {
  const type = data instanceof BigInt64Array ? INT64 : half ? HALF : FLOAT
  const stored = half && data instanceof Float32Array ? Uint16Array.from(data, toHalf) : data
  const raw = repeated(
    new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength),
    sizeOf(dims) * stored.BYTES_PER_ELEMENT,
  )
  const head = [...dims.map((size) => number(1, size)), number(2, type), field(8, text(name))]
  // Shape inference reads small ones and cannot look outside.
  if (!external || raw.length < 1024) return joined([...head, field(9, raw)])
  const { offset, length } = keep(raw)
  const entries = { location: external, offset: String(offset), length: String(length) }
  const places = Object.entries(entries).map(([key, value]) =>
    field(13, joined([field(1, text(key)), field(2, text(value))])),
  )
  return joined([...head, ...places, number(14, 1)])
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, length) => product * length, 1)
}

function repeated(block: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length)
  for (let at = 0; at < length; at += block.length) result.set(block.subarray(0, length - at), at)
  return result
}

function valueBytes({ name, type, dims }: Value): Uint8Array {
  const shape = joined(
    dims.map((size) => field(1, typeof size === 'number' ? number(1, size) : field(2, text(size)))),
  )
  return joined([field(1, text(name)), field(2, field(1, joined([number(1, type), field(2, shape)])))])
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function field(tag: number, bytes: Uint8Array): Uint8Array {
  return joined([varint((tag << 3) | 2), varint(bytes.length), bytes])
}

function number(tag: number, value: number): Uint8Array {
  return joined([varint(tag << 3), varint(value)])
}

function float(tag: number, value: number): Uint8Array {
  return joined([varint((tag << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)])
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    if (rest <= 0x7fn) return Uint8Array.from(bytes)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    result.set(part, at)
    at += part.length
  }
  return result
}
