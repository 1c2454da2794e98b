/** Seeds up to 2^53−1 are numbers; larger ones are decimal strings, kept digit for digit. */
export type Seed = number | string

/** seed + offset, exact at any size. */
export function addToSeed(seed: Seed, offset: number): Seed {
  if (offset === 0) return seed
  const sum = BigInt(seed) + BigInt(offset)
  return sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum.toString()
}

/** A random seed, 0…2^32−1. `random` gives [0, 1). */
export function drawSeed(random: () => number): number {
  return Math.floor(random() * 2 ** 32)
}
