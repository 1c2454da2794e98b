import { describe, expect, it } from 'vitest'
import { parsePrompt } from '../../../../nodes/kinds/prompt-syntax.ts'
import { chunksOf, emptyChunk } from '../../../../nodes/services/images/embedded/chunks.ts'
import { applyWeights } from '../../../../nodes/services/images/embedded/prompt-embeddings.ts'

/** Ids are the lengths of the words; a comma is 100. Six ids fit between begin and end. */
const tokenizer = {
  ids: (text: string) => (text.match(/\w+|,/g) ?? []).map((word) => (word === ',' ? 100 : word.length)),
  begin: 900,
  end: 901,
  pad: 0,
  comma: 100,
  length: 8,
}
const ids = (prompt: string) => chunksOf(parsePrompt(prompt), tokenizer).map((chunk) => chunk.ids)

describe('chunks of a prompt', () => {
  it('frames the ids and fills up behind the end', () => {
    expect(ids('a bb')).toEqual([[900, 1, 2, 901, 0, 0, 0, 0]])
  })

  it('makes one empty chunk of an empty prompt', () => {
    expect(ids('')).toEqual([emptyChunk(tokenizer).ids])
  })

  it('puts what does not fit into further chunks', () => {
    expect(ids('a a a a a a bb bb')).toEqual([
      [900, 1, 1, 1, 1, 1, 1, 901],
      [900, 2, 2, 901, 0, 0, 0, 0],
    ])
  })

  it('does not begin a chunk for a prompt that just fits', () => {
    expect(ids('a a a a a a')).toHaveLength(1)
  })

  it('cuts a full chunk after its last comma', () => {
    expect(ids('a a , bb bb bb bb')).toEqual([
      [900, 1, 1, 100, 901, 0, 0, 0],
      [900, 2, 2, 2, 2, 901, 0, 0],
    ])
  })

  it('begins a chunk at BREAK', () => {
    expect(ids('a BREAK bb')).toEqual([
      [900, 1, 901, 0, 0, 0, 0, 0],
      [900, 2, 901, 0, 0, 0, 0, 0],
    ])
  })

  it('gives each id the weight of its text, and the frame weight 1', () => {
    expect(chunksOf(parsePrompt('a (bb:1.5)'), tokenizer)[0]?.weights).toEqual([1, 1, 1.5, 1, 1, 1, 1, 1])
  })
})

describe('weights on hidden states', () => {
  it('change nothing when all are 1', () => {
    expect([...applyWeights(Float32Array.of(1, 2, 3, 4), [1, 1])]).toEqual([1, 2, 3, 4])
  })

  it('scale each token and restore the mean', () => {
    const weighted = applyWeights(Float32Array.of(1, 1, 2, 2), [1, 1.5])
    // 1 1 3 3 has mean 2, the mean was 1.5.
    for (const [i, value] of [0.75, 0.75, 2.25, 2.25].entries()) expect(weighted[i]).toBeCloseTo(value, 6)
  })

  it('leave the mean alone where it is too near zero to be restored', () => {
    // The mean goes from -0.125 to -0.375.
    expect([...applyWeights(Float32Array.of(1, -1, 1, -1.5), [1, 3])]).toEqual([1, -1, 3, -4.5])
  })
})
