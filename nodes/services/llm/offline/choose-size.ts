import { fitSide, type Size, sizeLike } from '../../images/sizes.ts'
import type { Choosing } from './choose-parameters.ts'
import { titleOf } from './choose-parameters.ts'

/** Width and height: asked for, by format, or the model's own; always one that is taken. */
export function chooseSize(choosing: Choosing) {
  const { facts, model, wish } = choosing
  if (model.size.fixed) return fixedSize(choosing, model.size.fixed)
  if (wish.size) return askedSize(choosing, wish.size)
  if (facts.intent === 'img2img' && facts.picture && !wish.format) return pictureSize(choosing, facts.picture)
  const { width, height } = model.suggested
  if (!wish.format || facts.intent === 'inpaint') return set(choosing, { width, height }, ownSize(choosing))
  const size = shaped(choosing, wish.format.ratio)
  const why = `You said "${wish.format.said}": ${wish.format.ratio.join(':')}, with about as many pixels as ${model.family.title} was trained on.`
  set(choosing, size, why)
}

function ownSize({ facts, model: { family } }: Choosing): string {
  if (facts.intent !== 'inpaint') return `What ${family.title} was trained on.`
  return `What ${family.title} was trained on: the masked part is painted at this size and put back in its place.`
}

function set({ draft }: Choosing, { width, height }: Size, reason: string) {
  draft.set('width', width, reason)
  draft.set('height', height, reason)
}

function fixedSize(choosing: Choosing, fixed: Size) {
  const { draft, wish, model } = choosing
  set(choosing, fixed, `${titleOf(model)} paints at ${fixed.width}×${fixed.height} and no other size.`)
  const asked = wish.size ? `${wish.size.width}×${wish.size.height}` : wish.format?.said
  if (asked && !(wish.format?.id === 'square' && fixed.width === fixed.height))
    draft.warn(
      `You asked for "${asked}", but ${titleOf(model)} paints only ${fixed.width}×${fixed.height}. Crop or enlarge afterwards with "Resize image".`,
    )
}

function askedSize(choosing: Choosing, asked: Size) {
  const { draft, model } = choosing
  const size = { width: fitSide(asked.width, model.size), height: fitSide(asked.height, model.size) }
  set(choosing, size, `You asked for ${asked.width}×${asked.height}.`)
  if (size.width !== asked.width || size.height !== asked.height)
    draft.warn(
      `${asked.width}×${asked.height} cannot be painted (${model.size.min} to ${model.size.max} pixels in multiples of ${model.size.multiple}): ${size.width}×${size.height} is planned.`,
    )
  const { width, height } = model.family
  if (size.width * size.height > 2.25 * width * height)
    draft.warn(
      `${model.family.title} was trained on ${width}×${height}: far larger pictures tend to repeat their subject.`,
    )
}

function pictureSize(choosing: Choosing, picture: Size) {
  const { model } = choosing
  const size = sizeLike(picture, model.family, model.size)
  const same = size.width === picture.width && size.height === picture.height
  const near = `As near to your picture's ${picture.width}×${picture.height} as ${model.family.title} is at ease with.`
  set(choosing, size, same ? "Your picture's own size, so nothing is cropped." : near)
}

/** A shape with the pixels of the family's own size. Large models were trained on sides in multiples of 64. */
function shaped({ model: { family, size } }: Choosing, [across, up]: readonly [number, number]): Size {
  const area = family.width * family.height
  const limits = { ...size, multiple: family.width >= 1024 ? Math.max(64, size.multiple) : size.multiple }
  return {
    width: fitSide(Math.sqrt((area * across) / up), limits),
    height: fitSide(Math.sqrt((area * up) / across), limits),
  }
}
