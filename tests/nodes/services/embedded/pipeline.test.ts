import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createEmbedded, type EmbeddedBackend } from '../../../../nodes/services/images/embedded/embedded.ts'
import { meanDifference, paintOnce, pixelsOf, png, temporaryModels } from '../../../tools/painting.ts'

const Golden = z.array(
  z.object({
    name: z.string(),
    prompt: z.string(),
    negative: z.string(),
    seed: z.string(),
    steps: z.int(),
    cfg: z.number(),
    sampler: z.string(),
    karras: z.boolean().default(false),
    denoise: z.number().optional(),
    masked: z.boolean(),
    pixels: z.array(z.number()),
  }),
)
const golden = Golden.parse(
  JSON.parse(readFileSync(new URL('../../../golden/embedded/pipeline.json', import.meta.url), 'utf8')),
)

let backend: EmbeddedBackend
let remove: () => Promise<void>
beforeAll(async () => {
  const models = await temporaryModels({ tiny: {} })
  backend = createEmbedded({ models: models.folders, threads: 1 })
  remove = models.remove
})
afterAll(async () => {
  await backend.close()
  await remove()
})

const picture = () => png(64, 64, (x, y) => [x * 4, y * 4, 100])
const mask = () => png(64, 64, (x, y) => [Math.min(x, y) >= 16 && Math.max(x, y) < 40 ? 255 : 0])

describe('the whole pipeline against diffusers', () => {
  it.each(golden)('paints the same picture: $name', async ({ pixels, karras, masked, name, ...values }) => {
    const init = values.denoise === undefined ? undefined : await picture()
    const { result } = await paintOnce(backend, {
      ...values,
      kind: masked ? 'inpaint' : init ? 'img2img' : 'txt2img',
      scheduler: karras ? 'Karras' : 'Normal',
      init,
      mask: masked ? await mask() : undefined,
    })
    const { data } = await pixelsOf(result.image.image)
    // The decoder enlarges each latent to 8×8 equal pixels.
    const corners = pixels.map((_, at) => {
      const cell = Math.floor(at / 3)
      return data[((cell % 8) * 8 + Math.floor(cell / 8) * 8 * 64) * 3 + (at % 3)] ?? 0
    })
    expect(meanDifference(corners, pixels)).toBeLessThanOrEqual(0.02)
  })
})
