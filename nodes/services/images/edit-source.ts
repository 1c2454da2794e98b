import type { Context } from '../../../runtime/define-node.ts'
import type { Image } from '../../kinds/image.ts'
import { encode, readImage } from '../pictures.ts'
import type { Services } from '../services.ts'
import { fitPicture, type ResizeMode } from './fit-picture.ts'
import type { Source } from './painting.ts'

interface Edit {
  image: Image
  denoise: number
  resize: ResizeMode
}

/** Image to image: the whole picture is painted over. */
export async function editSource(ctx: Context<Services>, { image, denoise, resize }: Edit): Promise<Source> {
  const picture = await readImage(ctx, image, 'The picture')
  return {
    picture,
    denoise,
    async parts(size) {
      return { init: { bytes: await encode(await fitPicture(picture, size, resize)), mime: 'image/png' } }
    },
    details: { resize },
  }
}
