import { describe, expect, it } from 'vitest'
import { createImages } from '../../../../nodes/services/images/images.ts'
import { type FakeOptions, fakeBackend } from './fake-backend.ts'

const demo = { id: 'embedded', models: [{ name: 'planograph-demo', family: 'demo', sha256: 'd'.repeat(64) }] }
const images = (...backends: FakeOptions[]) => createImages({ backends: backends.map(fakeBackend) })

describe('choosing a backend and a checkpoint', () => {
  it('takes the first that there is', async () => {
    const { offer, model } = await images({ id: 'a' }, { id: 'b' }).resolve({})
    expect([offer.backend, model.name]).toEqual(['a', 'v1-5-pruned.safetensors'])
  })

  it('finds a named checkpoint wherever it lies, by file, stem or hash', async () => {
    const sha256 = 'abcdef01'.repeat(8)
    const two = images({ id: 'a' }, { id: 'b', models: [{ name: 'xl/castle.safetensors', sha256 }] })
    for (const name of ['xl/castle.safetensors', 'castle.safetensors', 'Castle', 'abcdef01'])
      expect((await two.resolve({ model: name })).offer.backend).toBe('b')
  })

  it('names what there is when a checkpoint is not', async () => {
    await expect(images({}).resolve({ model: 'castle' })).rejects.toMatchObject({
      class: 'invalid',
      message: expect.stringContaining('There is v1-5-pruned.safetensors'),
    })
  })

  it('names what there is when a backend is not', async () => {
    await expect(images({ id: 'gpu' }).resolve({ backend: 'cpu' })).rejects.toMatchObject({
      class: 'invalid',
      message: 'There is no backend "cpu". There is gpu.',
    })
  })

  it('lets the demo model serve when nothing else is configured', async () => {
    expect((await images(demo).resolve({})).model.name).toBe('planograph-demo')
  })

  it('lets the demo model serve when it is named', async () => {
    expect((await images({ id: 'gpu' }, demo).resolve({ model: 'planograph-demo' })).offer.backend).toBe(
      'embedded',
    )
    expect((await images({ id: 'gpu' }, demo).resolve({ backend: 'embedded' })).model.name).toBe(
      'planograph-demo',
    )
  })

  it('never lets the demo model stand in for a server that is down', async () => {
    const two = images(demo, { id: 'gpu', down: 'No answer from http://gpu:7860.' })
    await expect(two.resolve({})).rejects.toMatchObject({
      class: 'unreachable',
      message: 'No answer from http://gpu:7860.',
    })
  })

  it('goes on with the other server when one is down', async () => {
    expect((await images({ id: 'a', down: 'gone' }, { id: 'b' }).resolve({})).offer.backend).toBe('b')
  })

  it('passes over a backend that cannot do what is wanted', async () => {
    const two = images({ id: 'a', capabilities: { kinds: new Set(['txt2img']) } }, { id: 'b' })
    expect((await two.resolve({ kind: 'inpaint' })).offer.backend).toBe('b')
    const one = images({ id: 'a', capabilities: { kinds: new Set(['txt2img']) } })
    await expect(one.resolve({ kind: 'inpaint' })).rejects.toMatchObject({ class: 'unsupported' })
  })

  it('says so when there is no backend at all', async () => {
    await expect(images().resolve({})).rejects.toMatchObject({ class: 'unsupported', code: 'no-backend' })
  })
})

describe('a model', () => {
  it('is known by its hash, else by its file name, never by its backend', async () => {
    expect((await images(demo).resolve({})).identity).toBe('d'.repeat(64))
    const models = [{ name: 'folder\\castle.safetensors' }]
    expect((await images({ id: 'a', models }).resolve({})).identity).toBe('castle.safetensors')
  })
})

describe('open choices', () => {
  it('follow the family', async () => {
    expect((await images({ models: [{ name: 'sd_xl_base.safetensors' }] }).resolve({})).values).toEqual({
      sampler: 'DPM++ 2M',
      scheduler: 'Karras',
      steps: 25,
      cfg: 6,
      width: 1024,
      height: 1024,
    })
  })

  it('take a sampler that is there, and a schedule that suits it', async () => {
    const { values } = await images({
      samplers: ['UniPC', 'Euler'],
      schedulers: ['Karras', 'Automatic'],
    }).resolve({})
    expect([values.sampler, values.scheduler]).toEqual(['Euler', 'Automatic'])
  })

  it('are null where the backend takes none', async () => {
    const { values } = await images({ samplers: [], schedulers: [] }).resolve({})
    expect(values).toMatchObject({ sampler: null, scheduler: null, steps: null, cfg: null, width: 512 })
  })

  it('leave alone what is set', async () => {
    const { values } = await images({}).resolve({ steps: 7, cfg: 3, sampler: 'euler A', width: 640 })
    expect(values).toEqual({
      sampler: 'Euler a',
      scheduler: 'Automatic',
      steps: 7,
      cfg: 3,
      width: 640,
      height: 512,
    })
  })

  it('follow the size of a picture, in steps that the backend takes', async () => {
    const { values } = await images({}).resolve({ picture: { width: 515, height: 700 } })
    expect([values.width, values.height]).toEqual([512, 704])
  })

  it('bring a huge picture down to twice the side the model was trained on, in shape', async () => {
    const { values } = await images({}).resolve({ picture: { width: 4000, height: 2000 } })
    expect([values.width, values.height]).toEqual([1448, 728])
  })

  it('keep the only size that a model has', async () => {
    const { values } = await images(demo).resolve({ picture: { width: 640, height: 480 } })
    expect([values.width, values.height]).toEqual([256, 256])
  })
})

describe('what cannot be done', () => {
  it.each([
    [{ sampler: 'Restart' }, 'has no sampler "Restart". It has DPM++ 2M, Euler a, Euler and DDIM.'],
    [{ scheduler: 'Beta' }, 'has no schedule type "Beta"'],
    [{ width: 500, height: 512 }, '64 to 2048 pixels in multiples of 8'],
    [{ width: 4096, height: 512 }, '4096×512 pixels cannot be painted'],
  ])('is refused before anything is sent: %o', async (wanted, message) => {
    await expect(images({}).resolve(wanted)).rejects.toMatchObject({
      class: 'invalid',
      message: expect.stringContaining(message),
      hint: expect.stringContaining('auto'),
    })
  })

  it.each([
    [{ negative: 'people' }, { negative: false }, 'takes no negative prompt'],
    [{ clipSkip: 2 }, { clipSkip: false }, 'cannot skip CLIP layers'],
  ])('is unsupported: %o', async (wanted, capabilities, message) => {
    await expect(images({ capabilities }).resolve(wanted)).rejects.toMatchObject({
      class: 'unsupported',
      message: expect.stringContaining(message),
    })
  })

  it('is no problem where nothing was asked for', async () => {
    const plain = images({ capabilities: { negative: false, clipSkip: false } })
    await expect(plain.resolve({ negative: '', clipSkip: 1 })).resolves.toBeDefined()
  })

  it('is named all at once', async () => {
    const wrong = await images({}).refusals({ sampler: 'Restart', scheduler: 'Beta', width: 1 })
    expect(wrong.map(({ field }) => field)).toEqual(['sampler', 'scheduler', 'width'])
  })

  it('names the one size of a model that has one', async () => {
    await expect(images(demo).resolve({ width: 512, height: 512 })).rejects.toMatchObject({
      message: expect.stringContaining('takes only 256×256'),
    })
  })
})
