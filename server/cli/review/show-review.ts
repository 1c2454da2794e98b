import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReviewView } from '../../../runtime/api.ts'
import type { Blobs } from '../../../runtime/define-node.ts'
import { type BlobRef, blobsIn, isBlobRef, type Json } from '../../../runtime/values.ts'
import { fileEnding } from '../file-ending.ts'
import { type Io, say } from '../io.ts'
import { asPlan, planLines } from '../render/plan-lines.ts'
import { styleFor } from '../render/style.ts'
import { drawPicture } from '../render/terminal-picture.ts'
import { printable, wrap } from '../render/text-width.ts'

/** Shows what a review asks about: plans as a table, pictures as file paths and drawn where the terminal can. */
export async function showReview(review: ReviewView, blobs: Blobs, io: Io): Promise<void> {
  const style = styleFor(io.stderr, io.env)
  say(io, '', `${style.blue('?')} ${style.bold(review.node)}  ${printable(review.question)}`, '')
  const items = review.list && Array.isArray(review.value) ? review.value : [review.value]
  const folder = blobsIn(review.value).length > 0 ? await mkdtemp(join(tmpdir(), 'planograph-review-')) : ''
  for (const [at, item] of items.entries()) {
    if (items.length > 1 && !isBlobRef(item)) say(io, `  [${at}]`)
    if (isBlobRef(item)) await showPicture(item, at, folder, blobs, io)
    else say(io, ...valueLines(item, review.kind, io))
  }
  say(io, ...(review.notes ?? []).map((note) => `  ${style.yellow('!')} ${printable(note)}`))
  if (review.assignee) say(io, `  For ${printable(review.assignee)}.`)
}

async function showPicture(ref: BlobRef, at: number, folder: string, blobs: Blobs, io: Io): Promise<void> {
  const bytes = await blobs.read(ref)
  const file = join(folder, `${at}${fileEnding(ref.mime)}`)
  await writeFile(file, bytes)
  say(io, `  [${at}] ${file}${ref.width ? `  ${ref.width} × ${ref.height}` : ''}`)
  const drawn = io.stderr.isTTY ? drawPicture(bytes, ref.mime, io.env) : undefined
  if (drawn) io.stderr.write(drawn)
}

function valueLines(value: Json, kind: string, io: Io): string[] {
  const columns = Math.min(110, io.stderr.columns || 100)
  const plan = kind === 'plan' ? asPlan(value) : undefined
  if (plan) return planLines(plan, columns, styleFor(io.stderr, io.env))
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return wrap(printable(text), columns - 2).map((line) => `  ${line}`)
}
