/**
 * Writes model folders with random weights in the ONNX layout of diffusers, for tests.
 *
 *     npx tsx tests/tools/random-model.ts FOLDER [sd15] [half] [external] [full]
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeOnnx } from './onnx.ts'
import { textEncoder, vaeDecoder, vaeEncoder } from './random-ends.ts'
import { type RandomModel, type Shape, shapes } from './random-shapes.ts'
import { clipTokenizer, wordTokenizer } from './random-tokenizers.ts'
import { unet } from './random-unet.ts'
import { randomWeights } from './random-weights.ts'

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
