import { z } from 'zod'
import { BlobRef } from '../../runtime/values.ts'

/** A picture: a blob that says it is one. Its metadata (infotext) is inside the bytes. */
export const Image = BlobRef.extend({ mime: z.string().regex(/^image\//, 'a picture has an image/… type') })
export type Image = z.infer<typeof Image>
