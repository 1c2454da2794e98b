import { FLOAT, type Graph, INT32, INT64 } from './onnx.ts'
import { withDoors } from './onnx-doors.ts'
import type { RandomModel, Shape } from './random-shapes.ts'
import type { Random } from './random-weights.ts'

/** Embeddings of words and places, mixed by one layer; full precision inside, whatever goes in and out. */
export function textEncoder({ tokens, words, width }: Shape, options: RandomModel, random: Random): Graph {
  const narrow = 8
  return withDoors(options, {
    nodes: [
      { op: 'Gather', inputs: ['words', 'input_ids'], outputs: ['embedded'] },
      { op: 'Add', inputs: ['embedded', 'places'], outputs: ['placed'] },
      { op: 'MatMul', inputs: ['placed', 'widen'], outputs: ['wide'] },
      { op: 'Tanh', inputs: ['wide'], outputs: ['last_hidden_state'] },
    ],
    weights: [
      random('words', [words, narrow], 1),
      random('places', [1, tokens, narrow], 0.2),
      random('widen', [narrow, width], 0.4),
    ],
    inputs: [{ name: 'input_ids', type: options.shapes === 'sd15' ? INT32 : INT64, dims: ['batch', tokens] }],
    outputs: [{ name: 'last_hidden_state', type: FLOAT, dims: ['batch', tokens, width] }],
  })
}

/** Latents are the mean red, green and blue of a cell and their mean, so that pictures come back recognisably. */
export function vaeEncoder({ channels, factor }: Shape, options: RandomModel): Graph {
  const area = factor * factor
  const kernel = Float32Array.from({ length: channels * 3 * area }, (_, i) => {
    const channel = Math.floor(i / (3 * area))
    const colour = Math.floor(i / area) % 3
    return channel === 3 ? 1 / (3 * area) : channel === colour ? 1 / area : 0
  })
  return withDoors(
    options,
    {
      nodes: [
        {
          op: 'Conv',
          inputs: ['pixels', 'kernel'],
          outputs: ['latent_sample'],
          attributes: { strides: [factor, factor] },
        },
      ],
      weights: [{ name: 'kernel', dims: [channels, 3, factor, factor], data: kernel }],
      inputs: [{ name: 'sample', type: FLOAT, dims: ['batch', 3, 'height', 'width'] }],
      outputs: [{ name: 'latent_sample', type: FLOAT, dims: ['batch', channels, 'h', 'w'] }],
    },
    { pixels: 'sample' },
  )
}

export function vaeDecoder({ channels, factor }: Shape, options: RandomModel): Graph {
  const mix = Float32Array.from({ length: 3 * channels }, (_, i) =>
    i % channels === Math.floor(i / channels) ? 1 : 0,
  )
  return withDoors(
    options,
    {
      nodes: [
        { op: 'Conv', inputs: ['latents', 'mix'], outputs: ['small'] },
        {
          op: 'Resize',
          inputs: ['small', '', 'scales'],
          outputs: ['sample'],
          attributes: { mode: 'nearest' },
        },
      ],
      weights: [
        { name: 'mix', dims: [3, channels, 1, 1], data: mix },
        { name: 'scales', dims: [4], data: Float32Array.of(1, 1, factor, factor) },
      ],
      inputs: [{ name: 'latent_sample', type: FLOAT, dims: ['batch', channels, 'height', 'width'] }],
      outputs: [{ name: 'sample', type: FLOAT, dims: ['batch', 3, 'h', 'w'] }],
    },
    { latents: 'latent_sample' },
  )
}
