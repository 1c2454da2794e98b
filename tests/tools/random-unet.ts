import { FLOAT, type Graph, type GraphNode, INT64, type Weights } from './onnx.ts'
import { withDoors } from './onnx-doors.ts'
import type { RandomModel, Shape } from './random-shapes.ts'
import { integers, type Random } from './random-weights.ts'

/** Width of the code for guidance. */
const CONDITION = 16

/** A residual block that hears time and text, once at full and once at half resolution. */
export function unet(shape: Shape, options: RandomModel, random: Random): Graph {
  const { channels, inner, width } = shape
  const name = (part: string, at: string) => `${at}_${part}`
  const block = (at: string, input: string, output: string): GraphNode[] => [
    {
      op: 'Conv',
      inputs: [input, name('conv', at)],
      outputs: [name('c', at)],
      attributes: { pads: [1, 1, 1, 1] },
    },
    { op: 'Add', inputs: [name('c', at), 'told'], outputs: [name('t', at)] },
    { op: 'Tanh', inputs: [name('t', at)], outputs: [output] },
  ]
  const extra = options.full ? fullWeights(inner, random) : { nodes: [], weights: [], output: 'up' }
  return withDoors(
    options,
    {
      nodes: [
        { op: 'Cast', inputs: ['timestep'], outputs: ['time'], attributes: { to: FLOAT } },
        { op: 'Mul', inputs: ['time', 'rates'], outputs: ['angles'] },
        { op: 'Sin', inputs: ['angles'], outputs: ['waves'] },
        { op: 'ReduceMean', inputs: ['hidden'], outputs: ['mean'], attributes: { axes: [1], keepdims: 0 } },
        { op: 'MatMul', inputs: ['mean', 'listen'], outputs: ['heard'] },
        { op: 'Add', inputs: ['heard', 'waves'], outputs: ['both'] },
        ...(options.guided
          ? [
              { op: 'MatMul', inputs: ['condition', 'obey'], outputs: ['order'] },
              { op: 'Add', inputs: ['both', 'order'], outputs: ['all'] },
            ]
          : []),
        { op: 'Unsqueeze', inputs: [options.guided ? 'all' : 'both', 'plane'], outputs: ['told'] },
        ...block('enter', 'latents', 'entered'),
        {
          op: 'AveragePool',
          inputs: ['entered'],
          outputs: ['small'],
          attributes: { kernel_shape: [2, 2], strides: [2, 2] },
        },
        ...block('deep', 'small', 'deepened'),
        {
          op: 'Resize',
          inputs: ['deepened', '', 'scales'],
          outputs: ['up'],
          attributes: { mode: 'nearest' },
        },
        ...extra.nodes,
        { op: 'Add', inputs: ['entered', extra.output], outputs: ['sum'] },
        { op: 'Conv', inputs: ['sum', 'leave'], outputs: ['change'], attributes: { pads: [1, 1, 1, 1] } },
        { op: 'Mul', inputs: ['latents', 'share'], outputs: ['kept'] },
        { op: 'Add', inputs: ['kept', 'change'], outputs: ['out_sample'] },
      ],
      weights: [
        random('rates', [inner], 0.02),
        random('listen', [width, inner], 2 / Math.sqrt(width)),
        integers('plane', 2, 3),
        random('enter_conv', [inner, channels, 3, 3], 0.3),
        random('deep_conv', [inner, inner, 3, 3], 0.15),
        { name: 'scales', dims: [4], data: Float32Array.of(1, 1, 2, 2) },
        random('leave', [channels, inner, 3, 3], 0.08),
        { name: 'share', dims: [1], data: Float32Array.of(0.9) },
        ...(options.guided ? [random('obey', [CONDITION, inner], 0.5)] : []),
        ...extra.weights,
      ],
      inputs: [
        { name: 'sample', type: FLOAT, dims: [options.single ? 1 : 'batch', channels, 'height', 'width'] },
        { name: 'timestep', type: options.shapes === 'sd15' ? INT64 : FLOAT, dims: [1] },
        { name: 'encoder_hidden_states', type: FLOAT, dims: [options.single ? 1 : 'batch', 'tokens', width] },
        ...(options.foreign ? [{ name: 'text_embeds', type: FLOAT, dims: ['batch', 8] }] : []),
        ...(options.guided ? [{ name: 'timestep_cond', type: FLOAT, dims: ['batch', CONDITION] }] : []),
      ],
      outputs: [{ name: 'out_sample', type: FLOAT, dims: ['batch', channels, 'height', 'width'] }],
    },
    {
      latents: 'sample',
      hidden: 'encoder_hidden_states',
      ...(options.guided ? { condition: 'timestep_cond' } : {}),
    },
  )
}

/** Convolutions at an eighth of the resolution that add up to the 860 million weights of SD 1.5's UNet. */
function fullWeights(
  inner: number,
  random: Random,
): { nodes: GraphNode[]; weights: Weights[]; output: string } {
  const layers = Array.from({ length: 58 }, (_, i) => i)
  const padded = { pads: [1, 1, 1, 1] }
  const nodes: GraphNode[] = [
    {
      op: 'AveragePool',
      inputs: ['deepened'],
      outputs: ['f'],
      attributes: { kernel_shape: [4, 4], strides: [4, 4] },
    },
    { op: 'Conv', inputs: ['f', 'f_in'], outputs: ['f_0'], attributes: padded },
    ...layers.flatMap((i) => [
      { op: 'Conv', inputs: [`f_${i}`, `f_w${i}`], outputs: [`f_c${i}`], attributes: padded },
      { op: 'Tanh', inputs: [`f_c${i}`], outputs: [`f_${i + 1}`] },
    ]),
    { op: 'Conv', inputs: [`f_${layers.length}`, 'f_out'], outputs: ['f_end'], attributes: padded },
    { op: 'Resize', inputs: ['f_end', '', 'f_scales'], outputs: ['f_up'], attributes: { mode: 'nearest' } },
    { op: 'Add', inputs: ['f_up', 'up'], outputs: ['f_sum'] },
  ]
  const weights = [
    random('f_in', [1280, inner, 3, 3], 0.1),
    ...layers.map((i) => random(`f_w${i}`, [1280, 1280, 3, 3], 0.01)),
    random('f_out', [inner, 1280, 3, 3], 0.01),
    { name: 'f_scales', dims: [4], data: Float32Array.of(1, 1, 8, 8) },
  ]
  return { nodes, weights, output: 'f_sum' }
}
