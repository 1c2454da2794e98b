import { parsePrompt } from '../../../kinds/prompt-syntax.ts'
import { type Chunk, chunksOf, emptyChunk } from './chunks.ts'
import type { Tensor } from './messages.ts'
import type { Model } from './model.ts'
import { tensor } from './tensors.ts'

/** Hidden states for a prompt and, where guidance needs it, its negative: one row each, of the same number of tokens. */
export async function embedPrompts(
  model: Model,
  prompts: readonly string[],
  signal: AbortSignal,
): Promise<Tensor[]> {
  const chunked = prompts.map((prompt) => chunksOf(parsePrompt(prompt), model.tokenizer))
  const longest = Math.max(...chunked.map((chunks) => chunks.length))
  const rows: Tensor[] = []
  for (const chunks of chunked) {
    const missing = Array.from({ length: longest - chunks.length }, () => emptyChunk(model.tokenizer))
    rows.push(await embedChunks(model, [...chunks, ...missing], signal))
  }
  return rows
}

/** Chunks are encoded one by one and follow each other along the tokens. */
async function embedChunks(model: Model, chunks: readonly Chunk[], signal: AbortSignal): Promise<Tensor> {
  const { dims, data } = await model.encodeText(
    chunks.map(({ ids }) => ids),
    signal,
  )
  const [, tokens = 1, width = 1] = dims
  const size = tokens * width
  const weighted = chunks.map(({ weights }, row) =>
    applyWeights(data.slice(row * size, (row + 1) * size), weights),
  )
  const whole = new Float32Array(size * chunks.length)
  for (const [row, part] of weighted.entries()) whole.set(part, row * size)
  return tensor([1, tokens * chunks.length, width], whole)
}

/** Outside these a mean is too close to zero to be restored by a factor. */
const FACTORS = { min: 0.5, max: 2 }

/**
 * Multiplies each token's hidden state by its weight and scales all so that their mean is as before, as A1111's emphasis
 * "Original" does. Where the mean is too near zero for that (the factor would leave 0.5…2), it stays as it is.
 *
 * @param hidden of one chunk, token after token; changed in place
 */
export function applyWeights(hidden: Float32Array, weights: readonly number[]): Float32Array {
  if (weights.every((weight) => weight === 1)) return hidden
  const width = hidden.length / weights.length
  const before = mean(hidden)
  for (let i = 0; i < hidden.length; i++) hidden[i] = (hidden[i] ?? 0) * (weights[Math.floor(i / width)] ?? 1)
  const factor = before / mean(hidden)
  if (!(factor >= FACTORS.min && factor <= FACTORS.max)) return hidden
  for (let i = 0; i < hidden.length; i++) hidden[i] = (hidden[i] ?? 0) * factor
  return hidden
}

function mean(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
