import { z } from 'zod'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined }
export const Json: z.ZodType<Json> = z.json() as z.ZodType<Json>

/** Points at bytes in the blob store. What travels on an edge is this, never the bytes. */
export const BlobRef = z.object({
  /** sha256 of the bytes, 64 hexadecimal digits. */
  blob: z.string().regex(/^[0-9a-f]{64}$/, 'a blob is named by its sha256'),
  mime: z.string(),
  bytes: z.int().nonnegative(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
})
export type BlobRef = z.infer<typeof BlobRef>

export function isBlobRef(value: unknown): value is BlobRef {
  return (
    typeof value === 'object' &&
    value !== null &&
    'blob' in value &&
    typeof value.blob === 'string' &&
    value.blob.length === 64 &&
    'mime' in value
  )
}

/** Every blob a value points at, at any depth. */
export function blobsIn(value: unknown, found: BlobRef[] = []): BlobRef[] {
  if (isBlobRef(value)) found.push(value)
  else if (Array.isArray(value)) for (const item of value) blobsIn(item, found)
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) blobsIn(item, found)
  return found
}
