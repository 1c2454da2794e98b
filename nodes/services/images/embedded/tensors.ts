import type { Tensor } from './messages.ts'

export function tensor(dims: readonly number[], data: Float32Array): Tensor {
  return { dims, data }
}

/** Tensors of one row each, as one tensor. */
export function stacked(rows: readonly Tensor[]): Tensor {
  const [first] = rows
  if (!first || rows.length === 1) return first ?? tensor([0], new Float32Array())
  const data = new Float32Array(first.data.length * rows.length)
  for (const [index, row] of rows.entries()) data.set(row.data, index * first.data.length)
  return tensor([rows.length, ...first.dims.slice(1)], data)
}

export function rowOf({ dims, data }: Tensor, row: number): Tensor {
  const size = data.length / (dims[0] ?? 1)
  return tensor([1, ...dims.slice(1)], data.slice(row * size, (row + 1) * size))
}
