import { cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GenerateRequest, JobEvent } from '../../../../nodes/services/images/backend.ts'
import { createEmbedded, type EmbeddedBackend } from '../../../../nodes/services/images/embedded/embedded.ts'
import {
  meanDifference,
  paintOnce,
  pixelsOf,
  png,
  request,
  temporaryModels,
} from '../../../tools/painting.ts'
import { writeRandomModel } from '../../../tools/random-model.ts'

let models: Awaited<ReturnType<typeof temporaryModels>>
let backend: EmbeddedBackend
beforeAll(async () => {
  models = await temporaryModels({
    tiny: {},
    half: { half: true },
    external: { external: true },
    sd15: { shapes: 'sd15' },
    guided: { guided: true },
    single: { single: true },
    foreign: { foreign: true },
    'zero-snr': {
      prediction: 'v_prediction',
      scheduler: {
        rescale_betas_zero_snr: true,
        timestep_spacing: 'trailing',
        set_alpha_to_one: true,
        steps_offset: 0,
      },
    },
  })
  backend = createEmbedded({ models: models.folders, threads: 1 })
})
afterAll(async () => {
  await backend.close()
  await models.remove()
})

/** Windows ends processes without telling why. */
const signals = process.platform !== 'win32'

const ramp = () => png(64, 64, (x, y) => [x * 4, y * 4, 100])
const square = () => png(64, 64, (x, y) => [Math.min(x, y) >= 16 && Math.max(x, y) < 40 ? 255 : 0])
const failure = (some: Partial<GenerateRequest>) =>
  paintOnce(backend, some).then(
    () => undefined,
    (error: unknown) => error,
  )

describe('painting', () => {
  it('gives a PNG of the size asked for, with its seed and its model', async () => {
    const { result } = await paintOnce(backend, { width: 128, height: 64, seed: 7 })
    const { format, width, height } = await sharp(result.image.image.bytes).metadata()
    expect({ format, width, height }).toEqual({ format: 'png', width: 128, height: 64 })
    expect(result).toMatchObject({
      image: { width: 128, height: 64, seed: 7 },
      model: { name: 'tiny' },
      notes: [],
    })
  })

  it('gives the same bytes for the same request', async () => {
    const [one, other] = [await paintOnce(backend), await paintOnce(backend)]
    expect(one.result.image.image.bytes).toEqual(other.result.image.image.bytes)
  })

  it.each([
    ['seed', { seed: 6 }],
    ['seed beyond 53 bits', { seed: '18446744073709551615' }],
    ['prompt', { prompt: 'a blue house' }],
    ['weight', { prompt: 'a (red:1.4) house' }],
    ['negative', { negative: 'tree' }],
    ['sampler', { sampler: 'Euler a' }],
    ['schedule type', { sampler: 'Euler', scheduler: 'Karras' }],
    ['steps', { steps: 5 }],
    ['CFG scale', { cfg: 5 }],
  ] satisfies [string, Partial<GenerateRequest>][])('depends on the %s', async (_, change) => {
    const [one, other] = [await paintOnce(backend), await paintOnce(backend, change)]
    expect(one.result.image.image.bytes).not.toEqual(other.result.image.image.bytes)
  })

  it('does not look at the negative without guidance', async () => {
    const one = await paintOnce(backend, { cfg: 1, negative: 'tree' })
    const other = await paintOnce(backend, { cfg: 1, negative: 'cat' })
    expect(one.result.image.image.bytes).toEqual(other.result.image.image.bytes)
  })

  it('reports each step, and shows JPEG previews of the size of the picture', async () => {
    const { events } = await paintOnce(backend, { steps: 6 })
    const steps = events.flatMap((event) => (event.type === 'progress' ? [event.step] : []))
    expect(steps).toEqual([1, 2, 3, 4, 5, 6])
    const preview = events.find((event) => event.type === 'preview')
    expect(preview?.type === 'preview' && (await sharp(preview.image.bytes).metadata())).toMatchObject({
      format: 'jpeg',
      width: 64,
    })
  })

  it('loads a model once', async () => {
    const fresh = createEmbedded({ models: models.folders, threads: 1 })
    const loadings = async () =>
      (await paintOnce(fresh)).events.filter(({ type }) => type === 'loading').length
    expect([await loadings(), await loadings()]).toEqual([1, 0])
    await fresh.close()
  })

  it('paints with the interface of Stable Diffusion 1.5, 512×512', async () => {
    const { result } = await paintOnce(backend, { model: 'sd15', steps: 2, prompt: 'the red house' })
    expect(result.image).toMatchObject({ width: 512, height: 512 })
  })

  it('paints nearly the same in half precision', async () => {
    const [full, half] = [await paintOnce(backend), await paintOnce(backend, { model: 'half' })]
    const [a, b] = [await pixelsOf(full.result.image.image), await pixelsOf(half.result.image.image)]
    expect(meanDifference(a.data, b.data)).toBeLessThan(2)
    expect(a.data).not.toEqual(b.data)
  })

  it('paints the same with weights in a file of their own', async () => {
    const [inside, outside] = [await paintOnce(backend), await paintOnce(backend, { model: 'external' })]
    expect(outside.result.image.image.bytes).toEqual(inside.result.image.image.bytes)
  })

  it('paints the same with a UNet that takes one sample at a time', async () => {
    const [both, single] = [await paintOnce(backend), await paintOnce(backend, { model: 'single' })]
    const [a, b] = [await pixelsOf(both.result.image.image), await pixelsOf(single.result.image.image)]
    expect(meanDifference(a.data, b.data)).toBeLessThan(0.05)
  })

  it('gives guidance to a UNet that takes it as an input, and needs no negative then', async () => {
    const painted = async (some: Partial<GenerateRequest>) =>
      (await paintOnce(backend, { model: 'guided', sampler: 'LCM', cfg: 2, ...some })).result.image.image
        .bytes
    expect(await painted({ negative: 'tree' })).toEqual(await painted({ negative: 'cat' }))
    expect(await painted({ cfg: 8 })).not.toEqual(await painted({}))
  })

  it.each(['DDIM', 'Euler', 'Euler a', 'DPM++ 2M', 'LCM'])(
    'keeps to numbers with zero terminal SNR and %s',
    async (sampler) => {
      const { result } = await paintOnce(backend, { model: 'zero-snr', sampler })
      const { data } = await pixelsOf(result.image.image)
      expect(new Set(data).size).toBeGreaterThan(8)
    },
  )
})

describe('from a picture', () => {
  it('comes closer to it with less denoising strength', async () => {
    const init = await ramp()
    const { data } = await pixelsOf(init)
    const away = async (denoise: number) => {
      const { result } = await paintOnce(backend, { kind: 'img2img', init, denoise, steps: 10 })
      return meanDifference((await pixelsOf(result.image.image)).data, data)
    }
    const [little, much] = [await away(0.2), await away(0.9)]
    expect(little).toBeLessThan(much / 2)
  })

  it('runs the part of the steps that the strength says', async () => {
    const { events } = await paintOnce(backend, {
      kind: 'img2img',
      init: await ramp(),
      denoise: 0.5,
      steps: 10,
    })
    expect(events.filter(({ type }) => type === 'progress')).toHaveLength(5)
  })

  it('takes a grey picture with transparency, and a mask in colours', async () => {
    const grey = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#80808080' } })
      .toColourspace('b-w')
      .png()
      .toBuffer()
    const init = { bytes: new Uint8Array(grey), mime: 'image/png' as const }
    const mask = await png(64, 64, (x) => (x < 32 ? [255, 255, 255] : [0, 0, 0]))
    await expect(paintOnce(backend, { kind: 'inpaint', init, mask })).resolves.toBeDefined()
  })

  it.each(['original', 'fill', 'noise', 'nothing'] as const)(
    'repaints inside the mask only, beginning from masked content "%s"',
    async (maskedContent) => {
      const init = await ramp()
      const painted = await paintOnce(backend, {
        kind: 'inpaint',
        init,
        mask: await square(),
        denoise: 0.8,
        maskedContent,
        steps: 6,
      })
      const nothing = await paintOnce(backend, { kind: 'img2img', init, denoise: 0, steps: 6 })
      const [ours, kept] = [
        await pixelsOf(painted.result.image.image),
        await pixelsOf(nothing.result.image.image),
      ]
      const differs = (x: number, y: number) =>
        [0, 1, 2].some((c) => ours.data[(y * 64 + x) * 3 + c] !== kept.data[(y * 64 + x) * 3 + c])
      expect([differs(2, 2), differs(50, 50), differs(41, 20)]).toEqual([false, false, false])
      expect([differs(20, 20), differs(36, 36)]).toContain(true)
    },
  )

  it('begins differently for each masked content', async () => {
    const contents = ['original', 'fill', 'noise', 'nothing'] as const
    const values = { kind: 'inpaint' as const, init: await ramp(), mask: await square(), denoise: 0.4 }
    const pictures: string[] = []
    for (const maskedContent of contents) {
      const { result } = await paintOnce(backend, { ...values, maskedContent })
      pictures.push(Buffer.from(result.image.image.bytes).toString('hex'))
    }
    expect(new Set(pictures).size).toBe(4)
  })
})

describe('jobs', () => {
  it('are painted one after the other', async () => {
    const order: string[] = []
    const follow = async (id: string) => {
      for await (const event of backend.generate(request({ id })))
        if (event.type === 'progress' || event.type === 'done') order.push(`${id} ${event.type}`)
    }
    await Promise.all([follow('first'), follow('second')])
    expect(order.lastIndexOf('first done')).toBeLessThan(order.indexOf('second progress'))
  })

  it('are joined, not started twice, when the id is already running', async () => {
    const one = backend.generate(request({ id: 'same' }))
    const other = backend.generate(request({ id: 'same' }))
    const read = async (job: typeof one) => {
      const events: JobEvent[] = []
      for await (const event of job) events.push(event)
      return events
    }
    const [a, b] = await Promise.all([read(one), read(other)])
    expect(a).toEqual(b)
    expect(a.filter(({ type }) => type === 'done')).toHaveLength(1)
  })

  it('stop between steps when cancelled, and leave the engine usable', async () => {
    const job = backend.generate(request({ steps: 100, width: 512, height: 512 }))
    const reading = (async () => {
      for await (const event of job) if (event.type === 'progress') await job.cancel()
    })()
    await expect(reading).rejects.toMatchObject({ class: 'cancelled' })
    await expect(paintOnce(backend)).resolves.toBeDefined()
  })

  it('are cancelled by their signal before they begin', async () => {
    const stop = new AbortController()
    stop.abort()
    const job = backend.generate(request(), stop.signal)
    const read = async () => {
      for await (const event of job) if (event.type === 'progress') throw new Error('it painted')
    }
    await expect(read()).rejects.toMatchObject({ class: 'cancelled' })
  })

  it.skipIf(!signals)(
    'fail with a retry when the child is killed, and the next one paints again',
    async () => {
      const before = await paintOnce(backend)
      const job = backend.generate(request({ steps: 150, width: 512, height: 512 }))
      const reading = (async () => {
        for await (const event of job)
          if (event.type === 'progress' && event.step === 1 && backend.childPid)
            process.kill(backend.childPid, 'SIGKILL')
      })()
      await expect(reading).rejects.toMatchObject({ class: 'out-of-memory', retry: true })
      const after = await paintOnce(backend)
      expect(after.result.image.image.bytes).toEqual(before.result.image.image.bytes)
    },
  )

  it.skipIf(!signals)('fail as a crash when the child ends in another way', async () => {
    await paintOnce(backend)
    const job = backend.generate(request({ steps: 150, width: 512, height: 512 }))
    const reading = (async () => {
      for await (const event of job)
        if (event.type === 'progress' && event.step === 1 && backend.childPid)
          process.kill(backend.childPid, 'SIGSEGV')
    })()
    await expect(reading).rejects.toMatchObject({ class: 'bug', code: 'engine-crashed', retry: true })
  })

  it('start anew under an id whose job was cancelled', async () => {
    const long = backend.generate(request({ steps: 30 }))
    const waiting = backend.generate(request({ id: 'again' }))
    await waiting.cancel()
    await expect(paintOnce(backend, { id: 'again' })).resolves.toBeDefined()
    await long.cancel()
  })

  it('find the child ended after it had nothing to do', async () => {
    const fresh = createEmbedded({ models: models.folders, threads: 1, idleMs: 20 })
    await paintOnce(fresh)
    await expect.poll(() => fresh.childPid, { timeout: 10_000 }).toBeUndefined()
    await expect(paintOnce(fresh)).resolves.toBeDefined()
    await fresh.close()
  })
})

describe('what the backend says of itself', () => {
  it('lists its models with the hash of their files', async () => {
    const [tiny] = await backend.models()
    expect(tiny).toMatchObject({ name: 'tiny', kind: 'checkpoint', family: 'sd15' })
    expect(tiny?.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('gives a model another hash when a file of it changes, and only then', async () => {
    const copy = join(models.root, 'copy')
    await cp(join(models.root, 'tiny'), copy, { recursive: true })
    const own = createEmbedded({ models: [copy] })
    const hash = async () => (await own.models())[0]?.sha256
    const before = await hash()
    await writeFile(join(copy, 'README.md'), 'notes')
    expect(await hash()).toBe(before)
    await writeFile(join(copy, 'unet/config.json'), '{"in_channels": 4, "block_out_channels": [8, 8]}')
    expect(await hash()).not.toBe(before)
  })

  it('paints with the new weights when a model was replaced, and keeps the others open', async () => {
    const copy = join(models.root, 'replaced')
    await cp(join(models.root, 'tiny'), copy, { recursive: true })
    const own = createEmbedded({ models: [copy, join(models.root, 'half')], threads: 1 })
    const painted = async (model: string) => (await paintOnce(own, { model })).result
    const [before, other] = [await painted('replaced'), await painted('half')]
    await writeRandomModel(copy, { seed: 2 })
    const after = await painted('replaced')
    expect(after.model.sha256).not.toBe(before.model.sha256)
    expect(after.image.image.bytes).not.toEqual(before.image.image.bytes)
    expect((await painted('half')).image).toEqual(other.image)
    expect((await painted('replaced')).image).toEqual(after.image)
    await own.close()
  })

  it('names equal models equally wherever they lie', async () => {
    const copy = join(models.root, 'elsewhere')
    await cp(join(models.root, 'tiny'), copy, { recursive: true })
    const [one] = await createEmbedded({ models: [copy] }).models()
    const [other] = await backend.models()
    expect(one?.sha256).toBe(other?.sha256)
  })

  it.each([
    ['sd21', { cross_attention_dim: 1024 }, 'epsilon', 'sd2'],
    ['sd21-768', { cross_attention_dim: 1024 }, 'v_prediction', 'sd2-768'],
    ['my-turbo', {}, 'epsilon', 'turbo'],
    ['dreamlcm', {}, 'epsilon', 'lcm'],
  ])('finds the family of %s', async (name, unet, prediction_type, family) => {
    const copy = join(models.root, name)
    await cp(join(models.root, 'tiny'), copy, { recursive: true })
    await writeFile(join(copy, 'unet/config.json'), JSON.stringify(unet))
    await writeFile(join(copy, 'scheduler/scheduler_config.json'), JSON.stringify({ prediction_type }))
    expect((await createEmbedded({ models: [copy] }).models())[0]).toMatchObject({ name, family })
  })

  it('has nothing but checkpoints', async () => {
    expect(await backend.models('lora')).toEqual([])
  })

  it('has the samplers it was checked with', async () => {
    expect(await backend.samplers()).toEqual({
      samplers: ['DPM++ 2M', 'Euler a', 'Euler', 'DDIM', 'LCM'],
      schedulers: ['Automatic', 'Normal', 'Karras'],
    })
  })

  it('takes one job at a time and seeds of 64 bits', async () => {
    expect(await backend.probe()).toMatchObject({
      inFlight: 1,
      maxSeed: 2n ** 64n - 1n,
      lora: false,
      cancel: 'job',
    })
  })

  it('starts no process before the first job', async () => {
    const fresh = createEmbedded({ models: models.folders })
    await fresh.probe()
    await fresh.models()
    expect(fresh.childPid).toBeUndefined()
  })
})

describe('requests it cannot fulfil', () => {
  it.each<[string, Partial<GenerateRequest>, string]>([
    ['a sampler', { sampler: 'UniPC' }, 'no sampler "UniPC"'],
    ['a schedule type', { scheduler: 'Beta' }, 'no schedule type "Beta"'],
    ['Karras with DDIM', { sampler: 'DDIM', scheduler: 'Karras' }, 'DDIM'],
    ['Karras in the name', { sampler: 'LCM Karras' }, 'LCM'],
    ['clip skip', { clipSkip: 2 }, 'clip skip'],
    ['a size that is no multiple', { width: 100 }, '100×64'],
    ['a size beyond the largest', { width: 4096 }, '4096×64'],
    ['a LoRA tag', { prompt: 'a <lora:ink:1> house' }, '<lora:ink:1>'],
    ['prompt editing', { prompt: 'a [red:blue:0.5] house' }, 'prompt editing'],
    ['many steps of LCM', { sampler: 'LCM', steps: 60 }, 'at most 50 steps'],
  ])('are refused as unsupported: %s', async (_, some, message) => {
    expect(await failure(some)).toMatchObject({
      class: 'unsupported',
      message: expect.stringContaining(message),
    })
  })

  it.each<[string, Partial<GenerateRequest>, string]>([
    ['an unknown model', { model: 'nowhere' }, 'no model "nowhere"'],
    ['no steps', { steps: 0 }, 'Steps is 0'],
    ['half a step', { steps: 2.5 }, 'Steps is 2.5'],
    ['a huge CFG scale', { cfg: 99 }, 'CFG scale is 99'],
    ['a negative seed', { seed: -1 }, '-1 is not a seed'],
    ['a seed beyond 64 bits', { seed: '18446744073709551616' }, '18446744073709551616 is not a seed'],
    ['no picture to begin from', { kind: 'img2img' }, 'needs a picture'],
  ])('are refused as invalid: %s', async (_, some, message) => {
    expect(await failure(some)).toMatchObject({ class: 'invalid', message: expect.stringContaining(message) })
  })

  it('are refused when the picture has another size', async () => {
    const init = await png(32, 64, () => [1, 2, 3])
    expect(await failure({ kind: 'img2img', init })).toMatchObject({
      class: 'invalid',
      message: expect.stringContaining('32×64 pixels, but 64×64'),
    })
  })

  it('are refused when the picture is none', async () => {
    const init = { bytes: Uint8Array.of(1, 2, 3), mime: 'image/png' as const }
    expect(await failure({ kind: 'img2img', init })).toMatchObject({ class: 'invalid', code: 'undecodable' })
  })

  it('are refused when an inpainting has no mask', async () => {
    expect(await failure({ kind: 'inpaint', init: await ramp() })).toMatchObject({
      message: expect.stringContaining('needs a mask'),
    })
  })
})

describe('an execution provider', () => {
  it('that is not there is refused by name, even with another one behind it', async () => {
    const own = createEmbedded({ models: models.folders, executionProviders: ['nonsense', 'cpu'] })
    await expect(paintOnce(own)).rejects.toMatchObject({
      class: 'invalid',
      code: 'execution-provider',
      message: expect.stringContaining('nonsense'),
    })
    await own.close()
  })
})

describe('model folders it cannot use', () => {
  async function broken(name: string, damage: (folder: string) => Promise<void>) {
    const folder = join(models.root, name)
    await cp(join(models.root, 'tiny'), folder, { recursive: true })
    await damage(folder)
    const own = createEmbedded({ models: [folder], threads: 1 })
    const error = await paintOnce(own, { model: name }).catch((caught: unknown) => caught)
    await own.close()
    return error
  }

  it.each([
    'model_index.json',
    'unet/model.onnx',
    'vae_encoder/model.onnx',
    'scheduler/scheduler_config.json',
  ])('are refused by the name of the missing %s', async (file) => {
    const error = await broken(`without-${file.replace('/', '-')}`, (folder) => rm(join(folder, file)))
    expect(error).toMatchObject({
      class: 'invalid',
      code: 'model-folder',
      message: expect.stringContaining(`${file} is missing`),
    })
  })

  it('are refused when a part is the part of something else', async () => {
    const error = await broken('swapped', (folder) =>
      cp(join(folder, 'vae_encoder/model.onnx'), join(folder, 'unet/model.onnx')),
    )
    expect(error).toMatchObject({
      class: 'invalid',
      message: expect.stringContaining('unet/model.onnx is not a unet'),
    })
  })

  it('are refused when a part is no ONNX file', async () => {
    const error = await broken('garbage', (folder) =>
      writeFile(join(folder, 'unet/model.onnx'), 'not a model'),
    )
    expect(error).toMatchObject({
      class: 'invalid',
      message: expect.stringContaining('unet/model.onnx could not be loaded'),
    })
  })

  it('are refused when the text encoder has another width than the UNet reads', async () => {
    const error = await broken('misfit', (folder) =>
      cp(join(models.root, 'sd15/unet/model.onnx'), join(folder, 'unet/model.onnx')),
    )
    expect(error).toMatchObject({ class: 'invalid', message: expect.stringContaining('unet/model.onnx') })
  })

  it('are refused when a configuration makes no sense, naming its key', async () => {
    const error = await broken('odd', (folder) =>
      writeFile(join(folder, 'scheduler/scheduler_config.json'), '{"prediction_type": "guess"}'),
    )
    expect(error).toMatchObject({ class: 'invalid', message: expect.stringContaining('prediction_type') })
  })

  it.each([
    ['SDXL', '{"_class_name": "OnnxStableDiffusionXLPipeline", "text_encoder_2": ["a", "b"]}'],
    ['Flux', '{"_class_name": "FluxPipeline", "transformer": ["a", "b"]}'],
    ['a KandinskyPipeline', '{"_class_name": "KandinskyPipeline"}'],
  ])('are refused as unsupported: %s', async (name, index) => {
    const error = await broken(`kind-${name}`, (folder) => writeFile(join(folder, 'model_index.json'), index))
    expect(error).toMatchObject({ class: 'unsupported', message: expect.stringContaining(name) })
  })

  it('are refused as unsupported when a part wants more than this engine gives', async () => {
    await expect(paintOnce(backend, { model: 'foreign' })).rejects.toMatchObject({
      class: 'unsupported',
      message: expect.stringContaining('its unet also wants text_embeds'),
    })
  })

  it('are refused when UNet and decoder have other channels than their configurations', async () => {
    const error = await broken('channels', async (folder) => {
      await writeFile(join(folder, 'unet/config.json'), '{"in_channels": 8, "block_out_channels": [8, 8]}')
      await writeFile(join(folder, 'vae_decoder/config.json'), '{"latent_channels": 8}')
    })
    expect(error).toMatchObject({
      class: 'invalid',
      message: expect.stringContaining('takes 4 latent channels'),
    })
  })

  it('are refused when UNet and decoder are of different models', async () => {
    const error = await broken('mixed', (folder) =>
      writeFile(join(folder, 'unet/config.json'), '{"in_channels": 16}'),
    )
    expect(error).toMatchObject({ class: 'invalid', message: expect.stringContaining('different models') })
  })

  it('are refused when their UNet is for inpainting only', async () => {
    const error = await broken('inpainting', (folder) =>
      writeFile(join(folder, 'unet/config.json'), '{"in_channels": 9}'),
    )
    expect(error).toMatchObject({ class: 'unsupported', message: expect.stringContaining('inpainting only') })
  })

  it('are left out of the list of models', async () => {
    await rm(join(models.root, 'gone'), { recursive: true, force: true })
    expect(await createEmbedded({ models: [join(models.root, 'gone')] }).models()).toEqual([])
  })
})
