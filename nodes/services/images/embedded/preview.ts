import type { Tensor } from './messages.ts'
import type { Model } from './model.ts'
import { noiseFrom } from './noise.ts'
import { type Raster, toByte, toRaster } from './pixels.ts'
import { tensor } from './tensors.ts'

/** Red, green and blue as linear functions of a cell's latents: [channels + 1 factors] each, the last one constant. */
export type PreviewMap = readonly (readonly number[])[]

/** Latent cells along one side of the picture that the map is estimated from. */
const CELLS = 16

/**
 * Fits the decoder by a linear map from a latent cell to the mean colour of its pixels, on noise that is smooth over four
 * cells, as pictures are. Takes one run of the decoder on a small picture.
 */
export async function estimatePreview(model: Model, signal: AbortSignal): Promise<PreviewMap> {
  const channels = model.about.latentChannels
  const latents = tensor([1, channels, CELLS, CELLS], smoothNoise(channels))
  const pixels = await model.decode(latents, signal)
  return fitted(latents, toRaster(pixels), undefined, 1e-3)
}

/** How many cells of a finished picture weigh as much as what the map says already. */
const TRUST = 100

/** The map corrected by a finished picture: pictures tell more of pictures than noise does. */
export function refinedPreview(map: PreviewMap, latents: Tensor, picture: Raster): PreviewMap {
  return fitted(latents, picture, map, TRUST)
}

/** Least squares over all cells, drawn towards a map (or zero) by a ridge. */
function fitted(
  latents: Tensor,
  picture: Raster,
  towards: PreviewMap | undefined,
  ridge: number,
): PreviewMap {
  const [, channels = 1, height = 1, width = 1] = latents.dims
  const cells = width * height
  const rows = Array.from({ length: cells }, (_, cell) => features(latents.data, cell, channels, cells))
  const matrix = normalMatrix(rows, ridge)
  return [0, 1, 2].map((colour) => {
    const right = products(rows, cellMeans(picture, colour, width, height))
    return solve(
      matrix,
      right.map((value, i) => value + ridge * (towards?.[colour]?.[i] ?? 0)),
    )
  })
}

/** The picture that latents of unit scale stand for, one pixel per cell. */
export function previewRaster(map: PreviewMap, latents: Tensor): Raster {
  const [, channels = 1, height = 1, width = 1] = latents.dims
  const data = new Uint8Array(width * height * 3)
  for (let cell = 0; cell < width * height; cell++) {
    const values = features(latents.data, cell, channels, width * height)
    for (const [colour, factors] of map.entries()) data[cell * 3 + colour] = toByte(dot(factors, values))
  }
  return { width, height, channels: 3, data }
}

function smoothNoise(channels: number): Float32Array {
  const draw = noiseFrom(1n)(channels * CELLS * CELLS)
  return draw.map((value, i) => {
    const x = i % CELLS
    const y = Math.floor(i / CELLS) % CELLS
    const corner = i - (x % 4) - (y % 4) * CELLS
    return 0.9 * (draw[corner] ?? 0) + 0.3 * value
  })
}

function features(latents: Float32Array, cell: number, channels: number, cells: number): number[] {
  return [...Array.from({ length: channels }, (_, channel) => latents[channel * cells + cell] ?? 0), 1]
}

/** Mean of a colour over each cell's pixels, in -1…1. */
function cellMeans(picture: Raster, colour: number, columns: number, rows: number): number[] {
  const factor = picture.width / columns
  const means = Array<number>(columns * rows).fill(0)
  for (let i = 0; i < picture.width * picture.height; i++) {
    const cell = Math.floor(i / picture.width / factor) * columns + Math.floor((i % picture.width) / factor)
    const value = (picture.data[i * 3 + colour] ?? 0) / 127.5 - 1
    means[cell] = (means[cell] ?? 0) + value / (factor * factor)
  }
  return means
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

/** The matrix of the normal equations, with a ridge so that it can always be solved. */
function normalMatrix(rows: readonly (readonly number[])[], ridge: number): number[][] {
  const size = rows[0]?.length ?? 0
  const column = (at: number) => rows.map((row) => row[at] ?? 0)
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => dot(column(i), column(j)) + (i === j ? ridge : 0)),
  )
}

function products(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  return (rows[0] ?? []).map((_, i) =>
    rows.reduce((sum, row, k) => sum + (row[i] ?? 0) * (values[k] ?? 0), 0),
  )
}

/** Gaussian elimination; the matrix is positive definite, so no pivoting is needed. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0])
  for (const [i, pivot] of rows.entries())
    for (const row of rows.slice(i + 1)) {
      const factor = (row[i] ?? 0) / (pivot[i] ?? 1)
      for (let j = i; j < row.length; j++) row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0)
    }
  const result = Array<number>(rows.length).fill(0)
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] ?? []
    result[i] =
      ((row[rows.length] ?? 0) - dot(row.slice(i + 1, rows.length), result.slice(i + 1))) / (row[i] ?? 1)
  }
  return result
}
