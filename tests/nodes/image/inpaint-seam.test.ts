import { afterAll, describe, expect, it } from 'vitest'
import inpaint from '../../../nodes/image/inpaint.ts'
import txt2img from '../../../nodes/image/txt2img.ts'
import { rasterise } from '../../../nodes/kinds/rasterise.ts'
import { DrawnMask } from '../../../nodes/kinds/strokes.ts'
import { decode, type Raster } from '../../../nodes/services/pictures.ts'
import { isBlobRef } from '../../../runtime/values.ts'
import { hasDemoModel, makeServices } from '../make-services.ts'
import { createBlobs, runNode } from '../run-node.ts'

const services = makeServices('/nowhere')
afterAll(() => services.images.close())

/** Covers the house whole: one that cuts through it leaves the house's own edges at the border. */
const mask = DrawnMask.parse({
  size: [256, 256],
  strokes: [
    {
      tool: 'ellipse',
      points: [
        [20, 20],
        [236, 240],
      ],
    },
  ],
})
const inside = rasterise(mask)

/** Mean difference between neighbours in a row, over those pairs that `chosen` names. */
function gradient({ data, width, height }: Raster, chosen: (a: number, b: number) => boolean): number {
  let [sum, count] = [0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x + 1 < width; x++) {
      const at = y * width + x
      if (!chosen(inside[at] ?? 0, inside[at + 1] ?? 0)) continue
      for (let c = 0; c < 3; c++) sum += Math.abs((data[3 * at + c] ?? 0) - (data[3 * at + 3 + c] ?? 0))
      count += 3
    }
  return sum / count
}

const crosses = (a: number, b: number) => (a === 0) !== (b === 0)
const within = (a: number, b: number) => a > 0 && b > 0

describe.skipIf(!hasDemoModel)('an inpainted picture of the demo model', () => {
  it.each(['only masked', 'whole picture'])('shows no seam along the mask: %s', async (area) => {
    const blobs = createBlobs()
    const run = async (node: Parameters<typeof runNode>[0], values: object) => {
      const { outputs } = await runNode(node, { ...values }, services, { blobs })
      const [image] = [outputs.images].flat().filter(isBlobRef)
      if (!image) throw new Error('Nothing was painted.')
      return image
    }
    const ratios: number[] = []
    for (const seed of [1, 2, 3]) {
      const image = await run(txt2img, { prompt: 'a white house in a meadow by day, storybook style', seed })
      const prompt = 'a green tree in a meadow by day, storybook style'
      const made = await decode(
        await blobs.read(await run(inpaint, { image, mask, prompt, area, denoise: 0.9, seed })),
      )
      ratios.push(gradient(made, crosses) / gradient(made, within))
    }
    expect(Math.max(...ratios)).toBeLessThanOrEqual(1.5)
  })
})
