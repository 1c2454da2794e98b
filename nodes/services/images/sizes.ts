import type { Capabilities } from './backend.ts'
import type { Family } from './families.ts'

export interface Size {
  width: number
  height: number
}

/** Sizes that a model takes on a backend, in pixels. With `fixed`, only that one. */
export interface SizeLimits {
  min: number
  max: number
  multiple: number
  fixed?: Size
}

export function sizeLimits(capabilities: Capabilities, family: Family): SizeLimits {
  const { fixed, ...limits } = capabilities.size
  if (fixed) return { ...limits, fixed: { width: fixed[0], height: fixed[1] } }
  return family.fixedSize ? { ...limits, fixed: { width: family.width, height: family.height } } : limits
}

/** A side moved to the nearest that is taken. */
export function fitSide(side: number, { min, max, multiple }: SizeLimits): number {
  const least = Math.ceil(min / multiple) * multiple
  const most = Math.floor(max / multiple) * multiple
  return Math.min(most, Math.max(least, Math.round(side / multiple) * multiple))
}

/**
 * The size to repaint a picture at: its own, as near as it is taken. Beyond twice the side that the family was trained
 * on, or below half of it, models repeat or lose their subject: such pictures are repainted smaller or larger, in shape.
 */
export function sizeLike(picture: Size, family: Family, limits: SizeLimits): Size {
  if (limits.fixed) return limits.fixed
  const relative = Math.sqrt((picture.width * picture.height) / (family.width * family.height))
  const scale = Math.min(2, Math.max(0.5, relative)) / relative
  return { width: fitSide(picture.width * scale, limits), height: fitSide(picture.height * scale, limits) }
}

/** Why a size is not taken, or undefined. */
export function sizeRefusal({ width, height }: Size, limits: SizeLimits): string | undefined {
  const { fixed, min, max, multiple } = limits
  if (fixed && (fixed.width !== width || fixed.height !== height))
    return `takes only ${fixed.width}×${fixed.height}`
  const wrong = [width, height].some((side) => side < min || side > max || side % multiple !== 0)
  return wrong ? `takes sides of ${min} to ${max} pixels in multiples of ${multiple}` : undefined
}
