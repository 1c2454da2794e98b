import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmbedded, type EmbeddedBackend } from '../../../../nodes/services/images/embedded/embedded.ts'
import { paintOnce, png, temporaryModels } from '../../../tools/painting.ts'

const vocabulary = fileURLToPath(
  new URL('../../../../models/planograph-demo/vocabulary.json', import.meta.url),
)

let backend: EmbeddedBackend
let remove: () => Promise<void>
beforeAll(async () => {
  const models = await temporaryModels({ tiny: {} })
  await cp(vocabulary, join(models.root, 'tiny/vocabulary.json'))
  backend = createEmbedded({ models: models.folders, threads: 1 })
  remove = models.remove
})
afterAll(async () => {
  await backend.close()
  await remove()
})

describe('a model with a vocabulary', () => {
  it('names the words it does not know beside the picture, and what it knows', async () => {
    const { result } = await paintOnce(backend, { prompt: 'a (red:1.2) house and a dragon' })
    expect(result.notes).toEqual([
      expect.stringMatching(/does not know 'dragon'; it knows house, tree, .*car\.$/),
    ])
  })

  it('has nothing to remark on a prompt of known words', async () => {
    expect((await paintOnce(backend, { prompt: 'a crimson cottage by the ocean' })).result.notes).toEqual([])
  })

  it('refuses a prompt without anything it can draw, with six near wishes', async () => {
    const failed = paintOnce(backend, { prompt: 'a purple dragon at night' })
    const wishes = /Try: (?:a purple \w+, night(?: · )?){6}\.$/
    await expect(failed).rejects.toMatchObject({
      class: 'invalid',
      code: 'nothing-known',
      message: expect.stringContaining("does not know 'dragon'"),
      hint: expect.stringMatching(wishes),
    })
  })

  it('takes a prompt without a subject where a picture has one', async () => {
    const init = await png(64, 64, (x) => [x, 0, 0])
    await expect(paintOnce(backend, { kind: 'img2img', init, prompt: 'watercolour' })).resolves.toBeDefined()
    await expect(paintOnce(backend, { kind: 'img2img', init, prompt: 'pretty' })).rejects.toMatchObject({
      code: 'nothing-known',
    })
  })

  it('refuses an empty prompt', async () => {
    await expect(paintOnce(backend, { prompt: ' ' })).rejects.toMatchObject({ code: 'nothing-known' })
  })

  it('belongs to the family "demo", and says its words', async () => {
    const [model] = await backend.models()
    expect(model).toMatchObject({ family: 'demo', vocabulary: { subjects: { house: expect.anything() } } })
  })
})
