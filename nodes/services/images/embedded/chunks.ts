import type { PromptPart } from '../../../kinds/prompt-syntax.ts'
import type { Tokenizer } from './tokenizer.ts'

/** As many ids as the text encoder takes at once, and a weight for each. */
export interface Chunk {
  ids: number[]
  weights: number[]
}

/** A chunk that is full is cut after its last comma, if that is at most so many tokens back (A1111's default). */
const COMMA_REACH = 20

/**
 * Cuts a weighted prompt into chunks of the tokenizer's length, as A1111 does: `BREAK` and a full chunk begin a new one,
 * and each is filled up and framed by its own begin and end. There is always at least one.
 */
export function chunksOf(parts: readonly PromptPart[], tokenizer: Tokenizer): Chunk[] {
  const filler = new Filler(tokenizer)
  for (const part of parts) {
    if ('break' in part) filler.close()
    else for (const id of tokenizer.ids(part.text)) filler.add(id, part.weight)
  }
  return filler.finish()
}

/** A chunk that says nothing, to make two prompts equally long. */
export function emptyChunk(tokenizer: Tokenizer): Chunk {
  return framed([], [], tokenizer)
}

class Filler {
  private readonly chunks: Chunk[] = []
  private ids: number[] = []
  private weights: number[] = []
  private comma = -1
  private readonly tokenizer: Tokenizer

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = tokenizer
  }

  add(id: number, weight: number): void {
    const room = this.tokenizer.length - 2
    if (id === this.tokenizer.comma) this.comma = this.ids.length
    if (this.ids.length >= room && id !== this.tokenizer.comma) this.carry()
    if (this.ids.length >= room) this.close()
    this.ids.push(id)
    this.weights.push(weight)
  }

  close(): void {
    this.chunks.push(framed(this.ids, this.weights, this.tokenizer))
    this.ids = []
    this.weights = []
    this.comma = -1
  }

  finish(): Chunk[] {
    if (this.ids.length > 0 || this.chunks.length === 0) this.close()
    return this.chunks
  }

  /** Moves what follows the last comma into the next chunk, if that is not far back. */
  private carry(): void {
    if (this.comma < 0 || this.ids.length - this.comma > COMMA_REACH) return
    const ids = this.ids.splice(this.comma + 1)
    const weights = this.weights.splice(this.comma + 1)
    this.close()
    this.ids = ids
    this.weights = weights
  }
}

function framed(
  ids: readonly number[],
  weights: readonly number[],
  { begin, end, pad, length }: Tokenizer,
): Chunk {
  const free = Math.max(0, length - 2 - ids.length)
  return {
    ids: [begin, ...ids, end, ...Array<number>(free).fill(pad)],
    weights: [1, ...weights, ...Array<number>(length - 1 - weights.length).fill(1)],
  }
}
