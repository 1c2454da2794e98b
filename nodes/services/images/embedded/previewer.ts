import type { EncodedImage } from '../backend.ts'
import type { Tensor } from './messages.ts'
import { encodePreview } from './pixels.ts'
import { type PreviewMap, previewRaster } from './preview.ts'

/** Milliseconds between previews at least, so that small models are not slowed down by showing what they do. */
const PAUSE = 150

/** Shows latents as pictures of a size. Best effort: one that comes too soon or fails is left out. */
export function createPreviewer(
  map: PreviewMap,
  { width, height }: { width: number; height: number },
  onImage: (image: EncodedImage) => void,
): (latents: Tensor) => void {
  let busy = false
  let last = Number.NEGATIVE_INFINITY
  return (latents) => {
    const now = performance.now()
    if (busy || now - last < PAUSE) return
    busy = true
    last = now
    encodePreview(previewRaster(map, latents), width, height)
      .then(onImage, () => undefined)
      .finally(() => {
        busy = false
      })
  }
}
