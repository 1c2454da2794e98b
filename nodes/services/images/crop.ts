import type { Grey } from '../masks.ts'
import type { Size } from './sizes.ts'

/** A rectangle of a picture, in pixels. */
export interface Box extends Size {
  left: number
  top: number
}

/** The smallest rectangle that holds every masked pixel; undefined when the mask is empty. */
export function boxOf({ width, height, data }: Grey): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if (data[i] === 0) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = y
    }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 }
}

/**
 * The box with `padding` on every side, grown to the shape of `target` as far as the picture reaches, moved rather than
 * cut where it would leave the picture.
 */
export function cropAround(box: Box, picture: Size, padding: number, target: Size): Box {
  const shape = target.width / target.height
  const padded = { width: box.width + 2 * padding, height: box.height + 2 * padding }
  const width = Math.min(picture.width, Math.round(Math.max(padded.width, padded.height * shape)))
  const height = Math.min(picture.height, Math.round(Math.max(padded.height, padded.width / shape)))
  return {
    left: placed(box.left + box.width / 2, width, picture.width),
    top: placed(box.top + box.height / 2, height, picture.height),
    width,
    height,
  }
}

const placed = (middle: number, length: number, available: number) =>
  Math.max(0, Math.min(available - length, Math.round(middle - length / 2)))

/** Where a picture comes to lie when it is fitted whole into `target`, in the middle. */
export function fitInside(picture: Size, target: Size): Box {
  const scale = Math.min(target.width / picture.width, target.height / picture.height)
  const width = Math.min(target.width, Math.max(1, Math.round(picture.width * scale)))
  const height = Math.min(target.height, Math.max(1, Math.round(picture.height * scale)))
  return {
    left: Math.floor((target.width - width) / 2),
    top: Math.floor((target.height - height) / 2),
    width,
    height,
  }
}
