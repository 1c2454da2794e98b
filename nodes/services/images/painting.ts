import type { Context } from '../../../runtime/define-node.ts'
import type { Json } from '../../../runtime/values.ts'
import type { Intent } from '../../kinds/plan.ts'
import type { Services } from '../services.ts'
import type { EncodedImage, GenerateRequest } from './backend.ts'
import type { Chosen } from './images.ts'
import type { Size } from './sizes.ts'
import type { PaintValues } from './wanted.ts'

/** What an edit adds to painting from words. */
export interface Source {
  /** Of the picture that is worked on, in pixels. */
  picture: Size
  /** Where the model's own size serves better than the picture's. */
  ownSize?: boolean
  denoise: number
  /** Initial picture, mask and the like, for the size that is painted. */
  parts(size: Size): Promise<Partial<GenerateRequest>>
  /** What becomes of a painted picture before it is kept; the others are kept as they are. */
  finish?(painted: EncodedImage): Promise<{ image: EncodedImage; size: Size }>
  /** For the details of the result. */
  details: { [name: string]: Json }
  /** For the infotext, by A1111's labels. */
  more?: Record<string, string>
}

export interface Painting {
  ctx: Context<Services>
  kind: Intent
  values: PaintValues
  chosen: Chosen
  source?: Source
  /** Pictures to paint in this attempt. */
  total: number
}
