import { isAbsolute, join, resolve } from 'node:path'
import { writePictureTexts } from '../../nodes/kinds/picture-texts.ts'
import { textsOf } from '../../nodes/services/picture-texts.ts'
import type { RunView } from '../../runtime/api.ts'
import type { Catalog } from '../../runtime/catalog.ts'
import { seededWorkflow } from '../../runtime/seeded-workflow.ts'
import { type BlobRef, isBlobRef, type Json } from '../../runtime/values.ts'
import { print } from '../../runtime/workflow/print.ts'
import type { App } from '../app/open-app.ts'
import { numbered, writeFileWhole } from '../app/write-file.ts'
import { fileEnding } from './file-ending.ts'
import type { Io } from './io.ts'

/** A file that was written for an output, and for which item when the output is a list. */
export interface Written {
  output: string
  item?: number
  /** Absolute. */
  file: string
}

/**
 * Writes the outputs of a run into `--out`, except those that a sink of the workflow took: pictures with the workflow
 * inside, texts as .txt, anything else as .json.
 */
export async function writeOutputs(
  view: RunView,
  app: Pick<App, 'blobs' | 'catalog'>,
  options: { out: string; overwrite?: boolean },
  io: Pick<Io, 'cwd'>,
): Promise<Written[]> {
  const folder = resolve(io.cwd, options.out)
  const written: Written[] = []
  for (const [output, value] of Object.entries(view.outputs)) {
    if (isTaken(output, view, app.catalog)) continue
    for (const { item, content, ending } of await contents(value, view, app)) {
      const name = output.replaceAll('.', '-') + ending
      const path = join(folder, options.overwrite ? numbered(name, 1 + (item ?? 0)) : name)
      written.push({ output, item, file: await writeFileWhole(path, content, options.overwrite) })
    }
  }
  return written
}

/** Files that the sinks of a run wrote: what they answer as absolute paths. */
export function filesOfSinks({ steps }: RunView, catalog: Catalog): string[] {
  return steps.flatMap(({ type, outputs = {} }) => {
    const node = catalog.node(type)
    if (!node?.sink) return []
    const texts = Object.keys(node.outputs).flatMap((name) =>
      node.outputs[name]?.kind === 'text' ? [outputs[name]] : [],
    )
    return texts
      .flat()
      .filter((text) => typeof text === 'string')
      .filter((text) => isAbsolute(text))
  })
}

/** Whether a sink reads this output (or is it): then the file is written already. */
function isTaken(output: string, { workflow, steps }: RunView, catalog: Catalog): boolean {
  const from = workflow.outputs?.[output]?.from ?? output
  const isSink = (node: string) => {
    const type = workflow.nodes[node]?.type
    const done = steps.some((step) => step.node === node && step.status === 'done')
    return done && type !== undefined && catalog.node(type)?.sink === true
  }
  const readers = workflow.edges.filter((edge) => edge.from === from).map(({ to }) => to)
  return [from, ...readers].some((address) => isSink(address.split('.')[0] ?? ''))
}

interface Content {
  item?: number
  content: Uint8Array
  ending: string
}

async function contents(value: Json, view: RunView, app: Pick<App, 'blobs' | 'catalog'>): Promise<Content[]> {
  const isFiles = Array.isArray(value) && value.every((item) => isBlobRef(item) || typeof item === 'string')
  if (!isFiles) return [await contentOf(value, view, app)]
  return await Promise.all(
    value.map(async (item, at) => ({ ...(await contentOf(item, view, app)), item: at })),
  )
}

async function contentOf(
  value: Json,
  view: RunView,
  { blobs, catalog }: Pick<App, 'blobs' | 'catalog'>,
): Promise<Content> {
  if (typeof value === 'string') return { content: Buffer.from(`${value}\n`), ending: '.txt' }
  if (!isBlobRef(value))
    return { content: Buffer.from(`${JSON.stringify(value, null, 2)}\n`), ending: '.json' }
  const workflow = print(seededWorkflow(view.workflow, view.seeds, catalog))
  return { content: withWorkflow(await blobs.read(value), value, workflow), ending: fileEnding(value.mime) }
}

/** A picture that can be run again. */
function withWorkflow(bytes: Uint8Array, { mime }: BlobRef, planograph: string): Uint8Array {
  if (!mime.startsWith('image/')) return bytes
  const { parameters } = textsOf(bytes)
  return writePictureTexts(bytes, { parameters, planograph }).bytes
}
