import { z } from 'zod'
import type { Context } from '../../runtime/define-node.ts'
import { PlanographError } from '../../runtime/errors.ts'
import { fieldOf } from '../../runtime/field.ts'
import { FailedItem, type Item, Labelled } from '../../runtime/items.ts'
import type { Kind } from '../../runtime/kind.ts'
import type { BlobRef, Json } from '../../runtime/values.ts'
import { defineNode } from '../define.ts'
import { examplePictures } from '../kinds/example-pictures.ts'
import { output } from '../kinds/fields.ts'
import { Image } from '../kinds/image.ts'
import { kinds } from '../kinds/kinds.ts'
import type { Mask } from '../kinds/mask.ts'
import { filesAt, isUrl, pictureName, readPictureFile } from '../services/load-picture.ts'
import { channelOf, writeMask } from '../services/masks.ts'
import { decode, inspect, type Raster } from '../services/pictures.ts'
import type { Services } from '../services/services.ts'
import { fetchBytes } from '../services/web/fetch-bytes.ts'

/** A picture that was kept before; `name` is what its file was called. */
const KeptPicture = Image.extend({ name: z.string().optional() })
const SourceItem = z.union([z.string().min(1), KeptPicture])
type SourceItem = z.infer<typeof SourceItem>

/** Text when it is wired: a path or an address. */
const sourceKind: Kind<SourceItem> = { ...kinds.text, schema: SourceItem, accepts: undefined }

interface Loaded {
  image: BlobRef
  mask: Mask
}

type Ctx = Context<Services>

export default defineNode({
  type: 'load-image',
  version: 1,
  title: 'Load image',
  category: 'image',
  aliases: ['open', 'import', 'file', 'folder', 'url', 'upload', 'loadimage'],
  summary: 'Brings pictures in: a file, several files, a folder, a web address.',
  fields: {
    source: {
      ...fieldOf(
        sourceKind,
        {
          title: 'Pictures',
          list: true,
          help: 'A file, several files, a folder or an https:// address. Several give a list, in the order of their names; one that cannot be read fails alone.',
        },
        SourceItem,
        { path: 'image', accept: 'image/*' },
      ),
      widget: 'picture',
    },
  },
  outputs: {
    images: output.list(
      output.image({ help: 'The pictures, exactly as they were, labelled with their names.' }),
    ),
    masks: output.list(
      output.mask({
        help: 'Their transparency as masks: white where the picture is see-through. Black without any.',
      }),
    ),
  },
  cache: 'never',
  uses: () => ({ pool: 'files' }),
  from: ['image/*'],
  make: ({ blob }): { [field: string]: Json } => (blob ? { source: [blob] } : {}),
  async run(ctx, { source }) {
    const items = await spread(ctx, source)
    const images: Item<BlobRef>[] = []
    const masks: Item<Mask>[] = []
    for (const [done, item] of items.entries()) {
      ctx.progress({ value: done, total: items.length, note: nameOf(item) })
      const { image, mask } = await loadItem(ctx, item)
      images.push(image)
      masks.push(mask)
    }
    if (items.length === 0) ctx.note('There is no picture in this folder.')
    failIfAllFailed(images)
    for (const image of images) if (image instanceof FailedItem) ctx.note(image.failure.message)
    return { images, masks }
  },
  examples: [
    {
      title: 'An uploaded picture comes out as it is; without transparency its mask is black',
      values: { source: [{ ...examplePictures.house, name: 'house.png' }] },
      outputs: { images: [examplePictures.house], masks: [{ size: [48, 32], strokes: [] }] },
    },
    {
      title: 'A file that is not there is named',
      values: { source: ['pictures/no-such-file.png'] },
      fails: 'no-such-file.png',
    },
  ],
})

/** Folders become their files. What cannot be found fails as one item. */
async function spread(ctx: Ctx, sources: readonly SourceItem[]): Promise<(SourceItem | FailedItem)[]> {
  const found = await Promise.all(
    sources.map(async (source) => {
      if (typeof source !== 'string' || isUrl(source)) return [source]
      try {
        return await filesAt(source, ctx.services.files)
      } catch (error) {
        return [new FailedItem(error, pictureName(source))]
      }
    }),
  )
  return found.flat()
}

function nameOf(item: SourceItem | FailedItem): string | undefined {
  if (item instanceof FailedItem) return item.label
  return typeof item === 'string' ? pictureName(item) : item.name
}

async function loadItem(
  ctx: Ctx,
  item: SourceItem | FailedItem,
): Promise<{ image: Item<BlobRef>; mask: Item<Mask> }> {
  if (item instanceof FailedItem) return { image: item, mask: item }
  const name = nameOf(item) ?? 'picture'
  try {
    const { image, mask } = await load(ctx, item, name)
    return { image: new Labelled(image, name), mask: new Labelled(mask, name) }
  } catch (error) {
    if (ctx.signal.aborted) throw error
    const failed = new FailedItem(error, name)
    return { image: failed, mask: failed }
  }
}

/** Decoding in full proves a picture; what is kept are its own bytes. */
async function load(ctx: Ctx, item: SourceItem, name: string): Promise<Loaded> {
  const bytes = typeof item === 'string' ? await bytesAt(ctx, item) : await ctx.blobs.read(item)
  const { mime, width, height } = await inspect(bytes, name)
  const raster = await decode(bytes, name)
  const image = await ctx.blobs.write(bytes, mime, { width, height })
  return { image, mask: await maskOf(ctx, raster) }
}

function bytesAt(ctx: Ctx, source: string): Promise<Uint8Array> {
  const { files } = ctx.services
  if (!isUrl(source)) return readPictureFile(source, files)
  return fetchBytes(source, { signal: ctx.signal, allowPrivate: files.allowPrivateUrls })
}

async function maskOf(ctx: Ctx, raster: Raster): Promise<Mask> {
  const { width, height, channels } = raster
  const alpha = channels === 2 || channels === 4 ? channelOf(raster, channels - 1) : undefined
  if (!alpha?.some((value) => value < 255)) return { size: [width, height], strokes: [] }
  return writeMask(ctx, { width, height, data: alpha.map((value) => 255 - value) })
}

/** One bad file of several fails alone; with no good one there is nothing to go on with. */
function failIfAllFailed(images: readonly Item<BlobRef>[]) {
  const failed = images.filter((image) => image instanceof FailedItem)
  const [first] = failed
  if (!first || failed.length < images.length) return
  const { failure } = first
  if (failed.length === 1) throw new PlanographError(failure.class, failure.message, failure)
  throw new PlanographError(
    failure.class,
    `None of the ${failed.length} pictures can be loaded. The first: ${failure.message}`,
    failure,
  )
}
