import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { decode, encode, resize } from '../../nodes/services/pictures.ts'
import { isBlobRef } from '../../runtime/values.ts'
import { parse } from '../../runtime/workflow/parse.ts'
import { programCatalog } from '../../server/app/nodes.ts'
import { makeServices } from '../nodes/make-services.ts'
import { makeRuntime } from './engine.ts'

/**
 * Paints the first picture of every example workflow and keeps it beside the file: `npx tsx tests/tools/make-thumbnails.ts`.
 * Seeds are always the same. To be run again when the demo model's weights change.
 */
const folder = new URL('../../workflows/', import.meta.url)
const services = makeServices(tmpdir())
const runtime = makeRuntime([], { catalog: programCatalog(), services, random: () => 0.25 })

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const parsed = parse(readFileSync(new URL(file, folder), 'utf8'))
  if (!parsed.ok) throw new Error(`${file}: ${parsed.problems[0]?.message}`)
  const run = await runtime.start(parsed.workflow)
  let view = await run.idle()
  while (view.status === 'waiting') {
    for (const { id, decision } of view.reviews) if (!decision) await run.decide(id, { kind: 'approve' })
    view = await run.idle()
  }
  const [picture] = [view.outputs.picture].flat()
  const bytes = isBlobRef(picture) ? await runtime.storage.blobs.get(picture.blob) : undefined
  if (!bytes) throw new Error(`${file} painted nothing: ${view.status}`)
  const small = await resize(await decode(bytes), { width: 256, height: 256 })
  writeFileSync(new URL(file.replace('.json', '.webp'), folder), await encode(small, 'webp', 88))
  console.error(file)
}
await runtime.close()
await services.images.close()
