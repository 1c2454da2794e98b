/**
 * Paints cases with the embedded engine and compares them with pictures of the same cases by diffusers.
 *
 *     python tests/tools/golden-pipeline.py models/planograph-demo OUT tests/tools/demo-cases.json
 *     npx tsx tests/tools/compare-pipeline.ts models/planograph-demo OUT tests/tools/demo-cases.json
 */
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { createEmbedded } from '../../nodes/services/images/embedded/embedded.ts'
import { meanDifference, paintOnce, pixelsOf } from './painting.ts'

const Cases = z.array(
  z.object({
    name: z.string(),
    prompt: z.string(),
    negative: z.string(),
    seed: z.int(),
    steps: z.int(),
    cfg: z.number(),
    sampler: z.string(),
    karras: z.boolean().default(false),
  }),
)

const [folder = '', out = '', file = ''] = process.argv.slice(2)
const backend = createEmbedded({ models: [folder] })
for (const { name, karras, ...values } of Cases.parse(JSON.parse(await readFile(file, 'utf8')))) {
  const scheduler = karras ? 'Karras' : 'Normal'
  const { result } = await paintOnce(backend, { ...values, scheduler, model: basename(folder) })
  const ours = await pixelsOf(result.image.image)
  const theirs = await pixelsOf({ bytes: await readFile(join(out, `${name}.png`)), mime: 'image/png' })
  console.log(name.padEnd(20), `mean difference ${meanDifference(ours.data, theirs.data).toFixed(4)} of 255`)
}
