/** What parent and child say to each other. Numbers travel as single precision; the child casts to what a model takes. */
export interface Tensor {
  dims: readonly number[]
  data: Float32Array
}

/** An input or output of a model. A dimension without a fixed size is null. */
export interface Port {
  name: string
  type: string
  dims: readonly (number | null)[]
}

export interface Ports {
  inputs: Port[]
  outputs: Port[]
}

export interface SessionOptions {
  /** In the order they are tried, such as `cuda`, `cpu`. */
  executionProviders: readonly string[]
  /** Threads inside one operator. */
  threads: number
}

export interface RunResult {
  outputs: { [name: string]: Tensor }
  /** Milliseconds inside ONNX Runtime. */
  ms: number
}

/** Bytes: now and at most so far. */
export interface Memory {
  rss: number
  peak: number
}

export type Request =
  | { op: 'load'; key: string; path: string; options: SessionOptions }
  /** Null: the tensor of that name in the session's run before. */
  | { op: 'run'; key: string; feeds: { [name: string]: Tensor | null } }
  | { op: 'free'; key: string }
  | { op: 'memory' }

export type Envelope = { id: number; request: Request }
export type Reply = { id: number; value: unknown } | { id: number; error: string }
