import { blobsIn } from '../../../runtime/values.ts'

export interface BlobRow {
  hash: string
  /** 1 when the blob is a JSON value and may name further blobs. */
  json: 0 | 1
}

/** The blobs that a value names, each once. */
export function blobRows(value: unknown): BlobRow[] {
  const found = new Map<string, BlobRow>()
  for (const { blob, mime } of blobsIn(value))
    found.set(blob, { hash: blob, json: mime === 'application/json' ? 1 : 0 })
  return [...found.values()]
}
