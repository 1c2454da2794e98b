const floats = new Float32Array(1)
const bits = new Uint32Array(floats.buffer)

/** IEEE 754 half precision bits of a number, rounded to nearest even; too large becomes infinity. */
export function toHalf(value: number): number {
  floats[0] = value
  const word = bits[0] ?? 0
  const sign = (word >>> 16) & 0x8000
  const exponent = ((word >>> 23) & 0xff) - 112
  const fraction = word & 0x7fffff
  if (exponent >= 31) return sign | (exponent === 143 && fraction !== 0 ? 0x7e00 : 0x7c00)
  if (exponent <= 0) return exponent < -10 ? sign : sign | rounded(fraction | 0x800000, 14 - exponent)
  return sign | rounded((exponent << 23) | fraction, 13)
}

/** A carry out of the fraction runs into the exponent, as it should. */
function rounded(value: number, shift: number): number {
  const kept = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept
}

/** The number behind half precision bits. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

export function halvesFrom(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, toHalf)
}

export function floatsFrom(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, fromHalf)
}
