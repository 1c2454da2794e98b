import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEngine, type Engine, EngineError } from '../../../../nodes/services/images/embedded/engine.ts'
import { tensor } from '../../../../nodes/services/images/embedded/tensors.ts'
import { temporaryModels } from '../../../tools/painting.ts'

let models: Awaited<ReturnType<typeof temporaryModels>>
beforeAll(async () => {
  models = await temporaryModels({ tiny: {} })
})
afterAll(() => models.remove())

let engine: Engine
beforeEach(() => {
  engine = createEngine({ threads: 1 })
})
afterEach(() => engine.stop())

const unet = () => join(models.root, 'tiny/unet/model.onnx')
const feeds = (timestep: number) => ({
  sample: tensor(
    [1, 4, 4, 4],
    Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)),
  ),
  timestep: tensor([1], Float32Array.of(timestep)),
  encoder_hidden_states: tensor(
    [1, 2, 8],
    Float32Array.from({ length: 16 }, (_, i) => i / 16),
  ),
})

describe('the engine', () => {
  it('says what goes into a model and what comes out', async () => {
    const { inputs, outputs } = await engine.load('unet', unet())
    expect(inputs.map(({ name, dims }) => ({ name, dims }))).toEqual([
      { name: 'sample', dims: [null, 4, null, null] },
      { name: 'timestep', dims: [1] },
      { name: 'encoder_hidden_states', dims: [null, null, 8] },
    ])
    expect(outputs).toMatchObject([{ name: 'out_sample', type: 'float32' }])
  })

  it('gives the same for tensors that it was given before and for equal ones', async () => {
    await engine.load('unet', unet())
    const first = feeds(500)
    const [before, after] = [feeds(500), { ...first, timestep: tensor([1], Float32Array.of(900)) }]
    const fresh = await engine.run('unet', { ...before, timestep: tensor([1], Float32Array.of(900)) })
    await engine.run('unet', first)
    const again = await engine.run('unet', after)
    expect(again.outputs).toEqual(fresh.outputs)
    expect((await engine.run('unet', first)).outputs).not.toEqual(again.outputs)
  })

  it('counts the time inside ONNX Runtime', async () => {
    await engine.load('unet', unet())
    expect((await engine.run('unet', feeds(1))).ms).toBeGreaterThan(0)
  })

  it('passes on what ONNX Runtime refuses', async () => {
    await engine.load('unet', unet())
    await expect(
      engine.run('unet', { ...feeds(1), sample: tensor([1, 3, 4, 4], new Float32Array(48)) }),
    ).rejects.toThrow(EngineError)
  })

  it('runs nothing that was freed', async () => {
    await engine.load('unet', unet())
    await engine.free('unet')
    await expect(engine.run('unet', feeds(1))).rejects.toThrow('no session unet')
  })

  it('fails with a retry where its child is gone', async () => {
    await expect(engine.run('unet', feeds(1))).rejects.toMatchObject({ code: 'engine-crashed', retry: true })
  })

  it('does nothing for a request that was cancelled before', async () => {
    await engine.load('unet', unet())
    await expect(engine.run('unet', feeds(1), AbortSignal.abort())).rejects.toMatchObject({
      class: 'cancelled',
    })
  })

  it('knows its memory only while a child runs', async () => {
    expect(await engine.memory()).toBeUndefined()
    await engine.load('unet', unet())
    expect((await engine.memory())?.peak).toBeGreaterThan(1_000_000)
  })
})
