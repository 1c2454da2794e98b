import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine, type Engine } from '../../../../nodes/services/images/embedded/engine.ts'
import { Model } from '../../../../nodes/services/images/embedded/model.ts'
import { readModelFolder } from '../../../../nodes/services/images/embedded/model-folder.ts'
import { noiseFrom } from '../../../../nodes/services/images/embedded/noise.ts'
import { toRaster } from '../../../../nodes/services/images/embedded/pixels.ts'
import { estimatePreview, previewRaster } from '../../../../nodes/services/images/embedded/preview.ts'
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

describe('the preview of latents', () => {
  it('is the picture at one pixel per latent, where the decoder is linear', async () => {
    const signal = new AbortController().signal
    const latents = tensor([1, 4, 4, 4], noiseFrom(9n)(64))
    const decoded = toRaster(await model.decode(latents, signal))
    const preview = previewRaster(await estimatePreview(model, signal), latents)
    const expected = Array.from(preview.data, (_, at) => {
      const cell = Math.floor(at / 3)
      return decoded.data[(Math.floor(cell / 4) * 8 * 32 + (cell % 4) * 8) * 3 + (at % 3)] ?? 0
    })
    expect({ width: preview.width, height: preview.height }).toEqual({ width: 4, height: 4 })
    expect(meanDifference(preview.data, expected)).toBeLessThan(1)
  })
})
