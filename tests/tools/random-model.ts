/**
 * Writes model folders with random weights in the ONNX layout of diffusers, for tests.
 *
 *     npx tsx tests/tools/random-model.ts FOLDER [sd15] [half] [external] [full]
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { noiseFrom } from '../../nodes/services/images/embedded/noise.ts'
import { FLOAT, type Graph, type GraphNode, HALF, INT32, INT64, type Weights, writeOnnx } from './onnx.ts'

export interface RandomModel {
  /** Interface of SD 1.5: 77 tokens, 768 wide, 64×64 latents of 4 channels, 8 pixels per latent. Default: a tiny one. */
  shapes?: 'tiny' | 'sd15'
  prediction?: 'epsilon' | 'v_prediction'
  /** Half precision inputs, outputs and weights. */
  half?: boolean
  /** Weights beside model.onnx. */
  external?: boolean
  /** As many weights as SD 1.5 has (about 1.7 GB in half precision). */
  full?: boolean
  /** Tokenizer as vocab.json and merges.txt, CLIP's way, instead of tokenizer.json. */
  clip?: boolean
  /** The UNet takes guidance as an input, as models distilled by LCM do. */
  guided?: boolean
  /** The UNet takes one sample at a time. */
  single?: boolean
  /** Overrides of scheduler_config.json. */
  scheduler?: { [key: string]: unknown }
  seed?: number
}

interface Shape {
  tokens: number
  words: number
  width: number
  channels: number
  factor: number
  sample: number
  /** Channels inside the UNet. */
  inner: number
}

const shapes: Record<'tiny' | 'sd15', Shape> = {
  tiny: { tokens: 16, words: 64, width: 8, channels: 4, factor: 8, sample: 8, inner: 8 },
  sd15: { tokens: 77, words: 49408, width: 768, channels: 4, factor: 8, sample: 64, inner: 16 },
}

/** Words that the tiny tokenizer knows, from id 4 on. */
export const tinyWords = [
  'a',
  'house',
  'red',
  'blue',
  'tree',
  'at',
  'night',
  'sea',
  'the',
  ',',
  'cat',
  'very',
]

/** Writes the whole folder. Equal options give equal bytes. */
export async function writeRandomModel(folder: string, options: RandomModel = {}): Promise<void> {
  const shape = shapes[options.shapes ?? 'tiny']
  const random = randomWeights(options.seed ?? 1)
  const parts = {
    text_encoder: textEncoder(shape, options, random),
    unet: unet(shape, options, random),
    vae_encoder: vaeEncoder(shape, options),
    vae_decoder: vaeDecoder(shape, options),
  }
  for (const [part, graph] of Object.entries(parts)) {
    const { model, data } = writeOnnx(graph, options.external ? 'model.onnx_data' : undefined)
    await write(folder, `${part}/model.onnx`, model)
    if (options.external) await write(folder, `${part}/model.onnx_data`, data)
  }
  for (const [file, content] of Object.entries(configs(shape, options))) await write(folder, file, content)
}

async function write(folder: string, file: string, content: Uint8Array | object | string): Promise<void> {
  await mkdir(join(folder, file, '..'), { recursive: true })
  const plain = typeof content === 'string' || content instanceof Uint8Array
  await writeFile(join(folder, file), plain ? content : JSON.stringify(content, null, 2))
}

type Random = (name: string, dims: readonly number[], scale: number) => Weights

function randomWeights(seed: number): Random {
  const noise = noiseFrom(BigInt(seed))
  return (name, dims, scale) => {
    const size = dims.reduce((product, length) => product * length, 1)
    // Long ones repeat, since a billion draws would take minutes.
    const block = noise(Math.min(size, 65_536)).map((value) => value * scale)
    return { name, dims, data: Float32Array.from({ length: size }, (_, i) => block[i % block.length] ?? 0) }
  }
}

const integers = (name: string, ...values: number[]): Weights => ({
  name,
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
})

/** Embeddings of words and places, mixed by one layer; full precision inside, whatever goes in and out. */
function textEncoder({ tokens, words, width }: Shape, options: RandomModel, random: Random): Graph {
  const narrow = 8
  return outputs(options, {
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

/** Width of the code for guidance. */
const CONDITION = 16

/** A residual block that hears time and text, once at full and once at half resolution. */
function unet(shape: Shape, options: RandomModel, random: Random): Graph {
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
  return outputs(
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

/** Latents are the mean red, green and blue of a cell and their mean, so that pictures come back recognisably. */
function vaeEncoder({ channels, factor }: Shape, options: RandomModel): Graph {
  const area = factor * factor
  const kernel = Float32Array.from({ length: channels * 3 * area }, (_, i) => {
    const channel = Math.floor(i / (3 * area))
    const colour = Math.floor(i / area) % 3
    return channel === 3 ? 1 / (3 * area) : channel === colour ? 1 / area : 0
  })
  return outputs(
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

function vaeDecoder({ channels, factor }: Shape, options: RandomModel): Graph {
  const mix = Float32Array.from({ length: 3 * channels }, (_, i) =>
    i % channels === Math.floor(i / channels) ? 1 : 0,
  )
  return outputs(
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

/** With `half`, casts stand at the door: floats go in and out in half precision. Inputs get the names used inside. */
function outputs(options: RandomModel, graph: Graph, inside: { [name: string]: string } = {}): Graph {
  const door = (value: Graph['inputs'][number]) =>
    options.half && value.type === FLOAT ? { ...value, type: HALF } : value
  const entries = Object.entries(inside).map(([name, input]) => cast(options, input, name))
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
        ...cast(options, `${name}_inside`, name),
        attributes: { to: options.half ? HALF : FLOAT },
      })),
    ],
    weights: stored,
    inputs: graph.inputs.map(door),
    outputs: graph.outputs.map(door),
  }
}

function halved(weights: Weights): Weights {
  if (weights.data instanceof BigInt64Array || weights.data.length < 100_000) return weights
  return { ...weights, name: `h_${weights.name}`, half: true }
}

function cast(_options: RandomModel, input: string, output: string): GraphNode {
  return { op: 'Cast', inputs: [input], outputs: [output], attributes: { to: FLOAT } }
}

function configs(shape: Shape, options: RandomModel): { [file: string]: object | string } {
  const vae = {
    _class_name: 'AutoencoderKL',
    latent_channels: shape.channels,
    block_out_channels: Array(Math.log2(shape.factor) + 1).fill(16),
    scaling_factor: options.shapes === 'sd15' ? 0.18215 : 6,
  }
  return {
    'model_index.json': { _class_name: 'OnnxStableDiffusionPipeline', _diffusers_version: '0.30.0' },
    'unet/config.json': {
      in_channels: shape.channels,
      sample_size: shape.sample,
      block_out_channels: options.shapes === 'sd15' ? [320, 640, 1280, 1280] : [8, 8],
      cross_attention_dim: shape.width,
    },
    'vae_encoder/config.json': vae,
    'vae_decoder/config.json': vae,
    'text_encoder/config.json': { hidden_size: shape.width, max_position_embeddings: shape.tokens },
    'scheduler/scheduler_config.json': {
      _class_name: 'DDIMScheduler',
      num_train_timesteps: 1000,
      beta_start: 0.00085,
      beta_end: 0.012,
      beta_schedule: 'scaled_linear',
      prediction_type: options.prediction ?? 'epsilon',
      steps_offset: 1,
      clip_sample: false,
      set_alpha_to_one: false,
      ...options.scheduler,
    },
    ...(options.clip || options.shapes === 'sd15' ? clipTokenizer(shape) : wordTokenizer(shape)),
  }
}

function wordTokenizer({ tokens }: Shape): { [file: string]: object } {
  const names = ['<pad>', '<bos>', '<eos>', '<unk>', ...tinyWords]
  return {
    'tokenizer/tokenizer.json': {
      version: '1.0',
      added_tokens: names.slice(0, 4).map((content, id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      })),
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'Whitespace' },
      post_processor: null,
      decoder: null,
      model: {
        type: 'WordLevel',
        unk_token: '<unk>',
        vocab: Object.fromEntries(names.map((name, id) => [name, id])),
      },
    },
    'tokenizer/tokenizer_config.json': {
      model_max_length: tokens,
      bos_token: '<bos>',
      eos_token: '<eos>',
      pad_token: '<pad>',
      unk_token: '<unk>',
    },
  }
}

/** CLIP's byte alphabet with a few merges; the ids at the end are where SD 1.5 has them. */
function clipTokenizer({ words, tokens }: Shape): { [file: string]: object | string } {
  const letters = byteAlphabet()
  const merges = [
    't h',
    'th e</w>',
    'c a',
    'ca t</w>',
    'h o',
    'ho u',
    's e</w>',
    'hou se</w>',
    'r e',
    're d</w>',
    'i n',
    'in g</w>',
  ]
  const all = [
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    ...merges.map((pair) => pair.replace(' ', '')),
  ]
  const vocab: { [token: string]: number } = Object.fromEntries(all.map((token, id) => [token, id]))
  vocab['<|startoftext|>'] = Math.max(words - 2, all.length)
  vocab['<|endoftext|>'] = Math.max(words - 1, all.length + 1)
  const special = {
    bos_token: '<|startoftext|>',
    eos_token: '<|endoftext|>',
    unk_token: '<|endoftext|>',
    pad_token: '<|endoftext|>',
  }
  return {
    'tokenizer/vocab.json': vocab,
    'tokenizer/merges.txt': ['#version: 0.2', ...merges, ''].join('\n'),
    'tokenizer/tokenizer_config.json': {
      model_max_length: tokens,
      tokenizer_class: 'CLIPTokenizer',
      ...special,
    },
  }
}

/** The printable stand-ins for bytes of GPT-2's `bytes_to_unicode`, in its order. */
function byteAlphabet(): string[] {
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const printable = [...range(33, 126), ...range(161, 172), ...range(174, 255)]
  const others = range(0, 255).filter((byte) => !printable.includes(byte))
  return [...printable, ...others.map((_, i) => 256 + i)].map((code) => String.fromCharCode(code))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder = 'random-model', ...words] = process.argv.slice(2)
  const has = (word: string) => words.includes(word)
  await writeRandomModel(folder, {
    shapes: has('sd15') || has('full') ? 'sd15' : 'tiny',
    half: has('half'),
    external: has('external') || has('full'),
    full: has('full'),
  })
}
