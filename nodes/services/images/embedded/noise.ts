const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const
const WEYL = [0x9e3779b9, 0xbb67ae85] as const
const ROUNDS = 10

export type Four = [number, number, number, number]

/**
 * Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): four 32-bit words from a counter
 * of four words and a key of two.
 */
export function philox(counter: Readonly<Four>, key: readonly [number, number]): Four {
  let [a, b, c, d] = counter
  let [k0, k1] = key
  for (let round = 0; round < ROUNDS; round++) {
    const highA = high(a, MULTIPLIERS[0])
    const highC = high(c, MULTIPLIERS[1])
    const lowA = Math.imul(a, MULTIPLIERS[0])
    const lowC = Math.imul(c, MULTIPLIERS[1])
    a = (highC ^ b ^ k0) >>> 0
    b = lowC >>> 0
    c = (highA ^ d ^ k1) >>> 0
    d = lowA >>> 0
    k0 = (k0 + WEYL[0]) >>> 0
    k1 = (k1 + WEYL[1]) >>> 0
  }
  return [a, b, c, d]
}

/** Upper 32 bits of the product of two 32-bit words. */
function high(x: number, y: number): number {
  const xLow = x & 0xffff
  const xHigh = x >>> 16
  const yLow = y & 0xffff
  const yHigh = y >>> 16
  const middle = xHigh * yLow + Math.floor((xLow * yLow) / 65536)
  const carry = xLow * yHigh + (middle % 65536)
  return (xHigh * yHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0
}

/** Draws from one seed. Every call gives the next, independent block. */
export type Noise = (length: number) => Float32Array

/**
 * Standard normal noise that depends on the seed alone: element i of block n is a Box-Muller transform of
 * Philox(counter = [n, 0, i, 0], key = seed), which is the layout of torch's CUDA generator and of A1111's "NV" source
 * for pictures of ordinary size, so equal seeds begin from equal noise there.
 *
 * @param seed 0…2^64−1
 */
export function noiseFrom(seed: bigint): Noise {
  const key = [Number(seed & 0xffffffffn), Number((seed >> 32n) & 0xffffffffn)] as const
  let block = 0
  return (length) => {
    const result = new Float32Array(length)
    for (let i = 0; i < length; i++) result[i] = normal(philox([block, 0, i, 0], key))
    block++
    return result
  }
}

function normal([first, second]: Four): number {
  const u = (first + 0.5) * 2 ** -32
  const v = (second + 0.5) * 2 ** -32 * 2 * Math.PI
  return Math.sqrt(-2 * Math.log(u)) * Math.sin(v)
}
