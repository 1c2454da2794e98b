import type { Context } from '../../../runtime/define-node.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import type { Image } from '../../kinds/image.ts'
import type { Mask } from '../../kinds/mask.ts'
import { encodeMask, type Grey, readMask, resizeGrey } from '../masks.ts'
import { decode, encode, pipeline, type Raster, rasterOf, readImage, resize } from '../pictures.ts'
import type { Services } from '../services.ts'
import type { EncodedImage, GenerateRequest } from './backend.ts'
import { type Box, boxOf, cropAround, fitInside } from './crop.ts'
import { featherInward } from './feather.ts'
import { fitPicture } from './fit-picture.ts'
import type { Source } from './painting.ts'
import { pasteBack } from './paste-back.ts'
import type { Size } from './sizes.ts'

interface Inpaint {
  image: Image
  mask: Mask
  denoise: number
  content: NonNullable<GenerateRequest['maskedContent']>
  area: 'only masked' | 'whole picture'
  /** Pixels of the picture around the masked area that the model sees. */
  padding: number
  /** Pixels over which the edge is blended, inward. */
  blur: number
}

/**
 * Inpainting: the masked area is cut out with its surroundings, painted at a size that the model is at ease with, and
 * pasted back, so that pixels outside the mask keep every byte on every backend.
 */
export async function inpaintSource(ctx: Context<Services>, options: Inpaint): Promise<Source> {
  const picture = await readImage(ctx, options.image, 'The picture')
  const mask = await readMask(ctx, options.mask)
  refuseOtherSize(picture, mask)
  const masked = boxOf(mask) ?? refuseEmptyMask()
  const seen = featherInward(mask, options.blur)
  const regionAt = (size: Size): Box =>
    options.area === 'only masked'
      ? cropAround(masked, picture, options.padding, size)
      : { left: 0, top: 0, width: picture.width, height: picture.height }
  return {
    picture,
    ownSize: options.area === 'only masked',
    denoise: options.denoise,
    async parts(size) {
      const region = regionAt(size)
      const init = await fitPicture(await cut(picture, region), size, 'resize and fill')
      const cutMask = await fitMask(await cutGrey(mask, region), size)
      return {
        init: png(await encode(init)),
        mask: png(await encodeMask(cutMask)),
        maskedContent: options.content,
      }
    },
    async finish(painted) {
      const raster = await decode(painted.bytes, 'The painted picture')
      const region = regionAt(raster)
      const patch = await resize(await cut(raster, fitInside(region, raster)), region, { fit: 'stretch' })
      return { image: png(await encode(pasteBack(picture, patch, region, seen))), size: picture }
    },
    details: {
      area: options.area,
      maskedContent: options.content,
      padding: options.padding,
      maskBlur: options.blur,
    },
    more: { 'Mask blur': String(options.blur) },
  }
}

const png = (bytes: Uint8Array): EncodedImage => ({ bytes, mime: 'image/png' })

async function cut(raster: Raster, { left, top, width, height }: Box): Promise<Raster> {
  return rasterOf((await pipeline(raster)).extract({ left, top, width, height }))
}

async function cutGrey({ width, data }: Grey, box: Box): Promise<Grey> {
  const out = new Uint8Array(box.width * box.height)
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * width + box.left
    out.set(data.subarray(start, start + box.width), y * box.width)
  }
  return { width: box.width, height: box.height, data: out }
}

/** Laid where `fitPicture` lays the picture; what is around it is not repainted. */
async function fitMask(mask: Grey, size: Size): Promise<Grey> {
  const place = fitInside(mask, size)
  const inner = await resizeGrey(mask, place)
  const data = new Uint8Array(size.width * size.height)
  for (let y = 0; y < place.height; y++)
    data.set(
      inner.data.subarray(y * place.width, (y + 1) * place.width),
      (place.top + y) * size.width + place.left,
    )
  return { ...size, data }
}

function refuseOtherSize(picture: Size, mask: Size) {
  if (picture.width === mask.width && picture.height === mask.height) return
  throw new PlanographError(
    'invalid',
    `The mask is ${mask.width}×${mask.height} pixels and the picture ${picture.width}×${picture.height}.`,
    {
      code: 'mask-size',
      hint: 'Draw the mask on this very picture, or bring it to the size with "Adjust mask" or "Resize image".',
    },
  )
}

function refuseEmptyMask(): never {
  throw new PlanographError('invalid', 'The mask is empty: there is nothing to repaint.', {
    code: 'mask-empty',
    hint: 'Paint white where the picture is to be made anew, or invert the mask.',
  })
}
