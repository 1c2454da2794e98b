import { describe, expect, it } from 'vitest'
import img2img from '../../../nodes/image/img2img.ts'
import inpaint from '../../../nodes/image/inpaint.ts'
import txt2img from '../../../nodes/image/txt2img.ts'
import { Plan } from '../../../nodes/kinds/plan.ts'
import { createImages } from '../../../nodes/services/images/images.ts'
import { createOffline } from '../../../nodes/services/llm/offline/offline.ts'
import { infotextIn } from '../../../nodes/services/picture-texts.ts'
import { decode, encode } from '../../../nodes/services/pictures.ts'
import type { Services } from '../../../nodes/services/services.ts'
import type { AnyNode } from '../../../runtime/define-node.ts'
import { type BlobRef, isBlobRef } from '../../../runtime/values.ts'
import { createBlobs, runNode } from '../run-node.ts'
import { type FakeOptions, fakeBackend } from '../services/images/fake-backend.ts'

function setUp(options: FakeOptions = {}) {
  const backend = fakeBackend(options)
  const offline = createOffline()
  const services: Services = {
    images: createImages({ backends: [backend] }),
    llm: { planner: offline, iterator: offline },
    files: { out: '/nowhere', allowPrivateUrls: false },
  }
  const blobs = createBlobs()
  const run = (node: AnyNode, values: object) => runNode(node, { ...values }, services, { blobs })
  return { backend, blobs, run }
}

/** A picture with a different colour at every pixel, as a value. */
async function picture(
  blobs: ReturnType<typeof createBlobs>,
  width: number,
  height: number,
): Promise<BlobRef> {
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = (i * 37) % 251
  return blobs.write(await encode({ width, height, channels: 3, data }), 'image/png', { width, height })
}

const images = (outputs: { [name: string]: unknown }) => [outputs.images].flat().filter(isBlobRef)
const rectangle = (x0: number, y0: number, x1: number, y1: number) => [
  {
    tool: 'rectangle',
    points: [
      [x0, y0],
      [x1, y1],
    ],
    size: 1,
    hardness: 1,
    opacity: 1,
  },
]

describe('text to image', () => {
  it('gives picture i the seed plus i, exactly at any size', async () => {
    const { run, backend } = setUp({ capabilities: { maxSeed: 2n ** 64n - 1n } })
    const { labels } = await run(txt2img, { prompt: 'a cat', count: 3, seed: '9007199254740993' })
    expect(backend.asked.map(({ seed }) => seed)).toEqual([
      '9007199254740993',
      '9007199254740994',
      '9007199254740995',
    ])
    expect(labels.images?.[2]).toBe('seed 9007199254740995')
  })

  it('refuses seeds that the backend cannot hold before it asks for any picture', async () => {
    const { run, backend } = setUp()
    const failing = run(txt2img, { prompt: 'a cat', count: 2, seed: 2 ** 32 - 1 })
    await expect(failing).rejects.toMatchObject({
      class: 'unsupported',
      message: expect.stringContaining('4294967296'),
    })
    expect(backend.asked).toEqual([])
  })

  it('writes into each picture how that very picture was made', async () => {
    const { run, blobs } = setUp({ models: [{ name: 'xl/sd_xl_base.safetensors', sha256: 'ab'.repeat(32) }] })
    const { outputs } = await run(txt2img, {
      prompt: 'a cat',
      negative: 'dogs',
      count: 2,
      seed: 5,
      clipSkip: 2,
    })
    const [, second] = images(outputs)
    const infotext = second && infotextIn(await blobs.read(second))
    expect(infotext).toMatchObject({ prompt: 'a cat', negative: 'dogs' })
    expect(infotext?.parameters).toMatchObject({
      Steps: '25',
      Sampler: 'DPM++ 2M',
      'Schedule type': 'Karras',
      'CFG scale': '6',
      Seed: '6',
      Size: '1024x1024',
      Model: 'sd_xl_base',
      'Model hash': 'ababababab',
      'Clip skip': '2',
    })
  })

  it('tells in its details what was sent', async () => {
    const { run } = setUp()
    const { outputs } = await run(txt2img, { prompt: 'a cat', count: 2, seed: 5, steps: 9 })
    expect(outputs.details).toMatchObject({
      backend: 'fake',
      model: 'v1-5-pruned.safetensors',
      family: 'sd15',
      steps: 9,
      cfg: 7,
      width: 512,
      seeds: [5, 6],
      notes: [],
    })
  })

  it('sends no field that the backend does not take', async () => {
    const { run, backend } = setUp({
      samplers: [],
      schedulers: [],
      capabilities: { negative: false, seed: false },
    })
    await run(txt2img, { prompt: 'a cat' })
    expect(backend.asked[0]).toMatchObject({ prompt: 'a cat', width: 512 })
    for (const field of [
      'negative',
      'seed',
      'steps',
      'cfg',
      'sampler',
      'scheduler',
      'clipSkip',
      'denoise',
    ] as const)
      expect(backend.asked[0]?.[field]).toBeUndefined()
  })

  it('names the node that fits when a plan is for something else', async () => {
    const { run, backend } = setUp()
    const plan = Plan.parse({ intent: 'inpaint', prompt: 'a cat' })
    await expect(run(txt2img, { prompt: 'a cat', plan })).rejects.toMatchObject({
      class: 'invalid',
      hint: expect.stringContaining('"Inpaint" (inpaint)'),
    })
    expect(backend.asked).toEqual([])
  })
})

describe('a text to image node made from an infotext', () => {
  it('has the settings that it tells', () => {
    const text =
      'a cat\nNegative prompt: dogs\nSteps: 30, Sampler: Euler a, Schedule type: Karras, CFG scale: 5.5, Seed: 7, Size: 640x448, Model: castle, Clip skip: 2'
    expect(txt2img.make?.({ mime: 'text/plain', text })).toEqual({
      prompt: 'a cat',
      negative: 'dogs',
      steps: 30,
      sampler: 'Euler a',
      scheduler: 'Karras',
      cfg: 5.5,
      seed: 7,
      width: 640,
      height: 448,
      model: 'castle',
      clipSkip: 2,
    })
  })

  it('takes any other text for a prompt', () => {
    expect(txt2img.make?.({ mime: 'text/plain', text: 'a cat' })).toEqual({ prompt: 'a cat' })
  })
})

describe('image to image', () => {
  it('paints at the size of the picture, as near as it is taken', async () => {
    const { run, backend, blobs } = setUp()
    await run(img2img, { image: await picture(blobs, 515, 390), prompt: 'a cat' })
    expect(backend.asked[0]).toMatchObject({ kind: 'img2img', width: 512, height: 392, denoise: 0.6 })
  })

  it.each([
    ['crop and resize', [37, 37, 37]],
    ['resize and fill', [10, 10, 10]],
  ])('brings another shape to size by "%s"', async (resize, corner) => {
    const { run, backend, blobs } = setUp()
    // Two bands left and right of the middle: cropping to a square leaves only the middle.
    const data = new Uint8Array(200 * 100 * 3).map((_, i) =>
      Math.abs((Math.floor(i / 3) % 200) - 100) < 55 ? 37 : 10,
    )
    const bytes = await encode({ width: 200, height: 100, channels: 3, data })
    const image = await blobs.write(bytes, 'image/png', { width: 200, height: 100 })
    await run(img2img, { image, prompt: 'a cat', resize, width: 64, height: 64 })
    const init = await decode(backend.asked[0]?.init?.bytes ?? new Uint8Array())
    expect([init.width, init.height]).toEqual([64, 64])
    expect([...init.data.subarray(0, 3)]).toEqual(corner)
  })

  it('writes the denoising strength into the picture', async () => {
    const { run, blobs } = setUp()
    const { outputs } = await run(img2img, {
      image: await picture(blobs, 64, 64),
      prompt: 'a cat',
      denoise: 0.3,
    })
    const [made] = images(outputs)
    expect(made && infotextIn(await blobs.read(made))?.parameters['Denoising strength']).toBe('0.3')
  })
})

describe('inpainting', () => {
  const strokes = rectangle(60, 40, 120, 80)

  it.each(['only masked', 'whole picture'])(
    'leaves every byte outside the mask as it was: %s',
    async (area) => {
      const { run, blobs } = setUp({ colour: [255, 0, 0] })
      const image = await picture(blobs, 201, 133)
      const mask = { size: [201, 133], strokes }
      const { outputs } = await run(inpaint, { image, mask, prompt: 'a cat', area, blur: 3 })
      const [made] = images(outputs)
      if (!made) throw new Error('Nothing was painted.')
      const before = await decode(await blobs.read(image))
      const after = await decode(await blobs.read(made))
      expect([after.width, after.height]).toEqual([201, 133])
      const changed = new Set<string>()
      for (let i = 0; i < 201 * 133; i++) {
        const [x, y] = [i % 201, Math.floor(i / 201)]
        const inside = x >= 60 && x < 120 && y >= 40 && y < 80
        const same = [0, 1, 2].every((c) => before.data[3 * i + c] === after.data[3 * i + c])
        if (!inside && !same) changed.add(`${x},${y}`)
      }
      expect([...changed]).toEqual([])
      const middle = 3 * (60 * 201 + 90)
      expect([...after.data.subarray(middle, middle + 3)]).toEqual([255, 0, 0])
    },
  )

  it('shows the model the masked part at its full size, with what is around it', async () => {
    const { run, backend, blobs } = setUp()
    const image = await picture(blobs, 400, 400)
    await run(inpaint, { image, mask: { size: [400, 400], strokes }, prompt: 'a cat' })
    expect(backend.asked[0]).toMatchObject({
      width: 512,
      height: 512,
      denoise: 0.75,
      maskedContent: 'original',
    })
    const mask = await decode(backend.asked[0]?.mask?.bytes ?? new Uint8Array())
    // 60 pixels and twice 32 of padding become 512: the mask begins after 32/124 of the width.
    const row = Array.from({ length: 512 }, (_, x) => mask.data[3 * (256 * 512 + x)] ?? 0)
    expect(row.findIndex((value) => value > 127)).toBeCloseTo((512 * 32) / 124, -1)
  })

  it('refuses a mask of another size, naming both', async () => {
    const { run, blobs } = setUp()
    const image = await picture(blobs, 64, 64)
    await expect(
      run(inpaint, { image, mask: { size: [32, 64], strokes }, prompt: 'a cat' }),
    ).rejects.toMatchObject({
      class: 'invalid',
      message: 'The mask is 32×64 pixels and the picture 64×64.',
    })
  })

  it('refuses an empty mask', async () => {
    const { run, blobs } = setUp()
    const image = await picture(blobs, 64, 64)
    await expect(
      run(inpaint, { image, mask: { size: [64, 64], strokes: [] }, prompt: 'a cat' }),
    ).rejects.toMatchObject({
      class: 'invalid',
      code: 'mask-empty',
    })
  })
})
