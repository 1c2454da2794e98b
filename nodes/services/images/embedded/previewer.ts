import type { EncodedImage } from '../backend.ts'
import type { Tensor } from './messages.ts'
import type { Model } from './model.ts'
import type { Painting } from './paint.ts'
import { encodePreview } from './pixels.ts'
import { estimatePreview, type PreviewMap, previewRaster } from './preview.ts'

/** Milliseconds between previews at least, so that small models are not slowed down by showing what they do. */
const PAUSE = 150

const maps = new WeakMap<Model, PreviewMap>()

/** Shows the latents of a painting as it goes. Best effort: one that would come too soon or fails is left out. */
export function createPreviewer(model: Model, { width, height }: Painting, onImage: (image: EncodedImage) => void) {
  let busy = false
  let last = Number.NEGATIVE_INFINITY
  return {
    async ready(signal: AbortSignal): Promise<void> {
      if (!maps.has(model)) maps.set(model, await estimatePreview(model, signal))
    },
    show(latents: Tensor): void {
      const map = maps.get(model)
      const now = performance.now()
      if (!map || busy || now - last < PAUSE) return
      busy = true
      last = now
      encodePreview(previewRaster(map, latents), width, height)
        .then(onImage, () => undefined)
        .finally(() => {
          busy = false
        })
    },
  }
}
