import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine, type Engine } from '../../../../nodes/services/images/embedded/engine.ts'
import { Model } from '../../../../nodes/services/images/embedded/model.ts'
import { readModelFolder } from '../../../../nodes/services/images/embedded/model-folder.ts'
import { noiseFrom } from '../../../../nodes/services/images/embedded/noise.ts'
import { toRaster } from '../../../../nodes/services/images/embedded/pixels.ts'
import {
  estimatePreview,
  type PreviewMap,
  previewRaster,
  refinedPreview,
} from '../../../../nodes/services/images/embedded/preview.ts'
import { tensor } from '../../../../nodes/services/images/embedded/tensors.ts'
import { readTokenizer } from '../../../../nodes/services/images/embedded/tokenizer.ts'
import { meanDifference, temporaryModels } from '../../../tools/painting.ts'

let engine: Engine
let model: Model
let remove: () => Promise<void>
beforeAll(async () => {
  const models = await temporaryModels({ tiny: {} })
  remove = models.remove
  const folder = await readModelFolder(models.folders[0] ?? '')
  engine = createEngine({ threads: 1 })
  model = new Model({ engine, about: folder, key: 'tiny', tokenizer: await readTokenizer(folder.folder) })
})
afterAll(async () => {
  await engine.stop()
  await remove()
})

const signal = new AbortController().signal

/** Smooth enough that no colour is cut off. */
async function example() {
  const noise = noiseFrom(9n)(64).map((value) => value / 2)
  const latents = tensor([1, 4, 4, 4], noise)
  const picture = toRaster(await model.decode(latents, signal))
  const small = Array.from({ length: 48 }, (_, at) => {
    const cell = Math.floor(at / 3)
    return picture.data[(Math.floor(cell / 4) * 8 * 32 + (cell % 4) * 8) * 3 + (at % 3)] ?? 0
  })
  return { latents, picture, small }
}

describe('the preview of latents', () => {
  it('is the picture at one pixel per latent, where the decoder is linear', async () => {
    const { latents, small } = await example()
    const preview = previewRaster(await estimatePreview(model, signal), latents)
    expect({ width: preview.width, height: preview.height }).toEqual({ width: 4, height: 4 })
    expect(meanDifference(preview.data, small)).toBeLessThan(1)
  })

  it('comes closer with finished pictures', async () => {
    const { latents, picture, small } = await example()
    let map: PreviewMap = [0, 1, 2].map(() => [0, 0, 0, 0, 0])
    const away = () => meanDifference(previewRaster(map, latents).data, small)
    const before = away()
    map = refinedPreview(map, latents, picture)
    const once = away()
    for (let i = 0; i < 200; i++) map = refinedPreview(map, latents, picture)
    expect(once).toBeLessThan(before)
    expect(away()).toBeLessThan(2)
  })
})
