import type { Raster } from './pixels.ts'

/** A latent cell is repainted when at least this part of it is masked. */
const COVERED = 0.1

/** 1 where a latent is repainted, else 0, from a grey mask of the picture's size. */
export function latentMask(mask: Raster, factor: number): Float32Array {
  const columns = mask.width / factor
  const result = new Float32Array(columns * (mask.height / factor))
  for (let y = 0; y < mask.height; y++)
    for (let x = 0; x < mask.width; x++) {
      const cell = Math.floor(y / factor) * columns + Math.floor(x / factor)
      result[cell] = (result[cell] ?? 0) + (mask.data[y * mask.width + x] ?? 0)
    }
  const least = COVERED * 255 * factor * factor
  return result.map((sum) => (sum >= least ? 1 : 0))
}

/** `inside` where the mask is 1, else `outside`; the mask has one value for all channels. */
export function blend(inside: Float32Array, outside: Float32Array, mask: Float32Array): Float32Array {
  return inside.map((value, i) => (mask[i % mask.length] ? value : (outside[i] ?? 0)))
}

/**
 * The picture with its masked part filled by what lies around it: each round halves the picture until no hole is left,
 * and the holes of the finer one are filled from the coarser ("pull-push", Gortler et al., The Lumigraph, 1996). A
 * picture that is masked as a whole becomes grey.
 */
export function fillMasked(picture: Raster, mask: Raster): Raster {
  const plane = picture.width * picture.height
  const known = new Float32Array(plane)
  const colours = new Float32Array(plane * 3)
  for (let i = 0; i < plane; i++) {
    known[i] = 1 - (mask.data[i] ?? 0) / 255
    for (let c = 0; c < 3; c++) colours[i * 3 + c] = picture.data[i * 3 + c] ?? 0
  }
  const filled = pullPush({ width: picture.width, height: picture.height, known, colours })
  return { ...picture, data: Uint8Array.from(filled, Math.round) }
}

interface Sparse {
  width: number
  height: number
  /** 0…1: how far a pixel's colour is known. */
  known: Float32Array
  colours: Float32Array
}

function pullPush(fine: Sparse): Float32Array {
  if (fine.width === 1 && fine.height === 1)
    return (fine.known[0] ?? 0) > 0 ? fine.colours : Float32Array.of(128, 128, 128)
  const coarse = halved(fine)
  const below = pullPush(coarse)
  return fine.colours.map((value, at) => {
    const i = Math.floor(at / 3)
    const part = fine.known[i] ?? 0
    const x = Math.floor((i % fine.width) / 2)
    const y = Math.floor(i / fine.width / 2)
    return part * value + (1 - part) * (below[(y * coarse.width + x) * 3 + (at % 3)] ?? 0)
  })
}

function halved({ width, height, known, colours }: Sparse): Sparse {
  const w = Math.ceil(width / 2)
  const h = Math.ceil(height / 2)
  const sums = new Float32Array(w * h * 3)
  const total = new Float32Array(w * h)
  for (let i = 0; i < known.length; i++) {
    const to = Math.floor(i / width / 2) * w + Math.floor((i % width) / 2)
    const part = known[i] ?? 0
    total[to] = (total[to] ?? 0) + part
    for (let c = 0; c < 3; c++) sums[to * 3 + c] = (sums[to * 3 + c] ?? 0) + part * (colours[i * 3 + c] ?? 0)
  }
  const means = sums.map((sum, at) => sum / Math.max(total[Math.floor(at / 3)] ?? 0, 1e-6))
  return { width: w, height: h, known: total.map((part) => Math.min(1, part)), colours: means }
}
