import { readUserComment, writeUserComment } from './exif.ts'
import { isJpeg, readJpegBlocks, writeJpegBlocks } from './jpeg.ts'
import { editPng, isPng, type PngChunk, pngChunks } from './png.ts'
import { type Inflate, readPngTexts, writePngTexts } from './png-text.ts'
import { isWebp, readWebpBlocks, writeWebpBlocks } from './webp.ts'
import { readXmp, writeXmp } from './xmp.ts'

/** What a picture file says about how it was made. */
export interface PictureTexts {
  /** A1111's infotext, raw. */
  parameters?: string
  /** The whole workflow, as JSON text. */
  planograph?: string
}

/**
 * The texts a picture file carries, by keyword. PNG: all its texts; EXIF's UserComment wins as `parameters`, as in
 * A1111. JPEG and WebP: `parameters` from UserComment, `planograph` from XMP. Other files: none. Never throws.
 */
export function readPictureTexts(bytes: Uint8Array, inflate: Inflate): Record<string, string> {
  if (isPng(bytes)) return pngTexts(bytes, inflate)
  if (isJpeg(bytes)) return named(readJpegBlocks(bytes))
  return isWebp(bytes) ? named(readWebpBlocks(bytes)) : {}
}

/** EXIF and XMP come into a PNG when another program saves a JPEG or WebP anew. */
function pngTexts(bytes: Uint8Array, inflate: Inflate): Record<string, string> {
  const { 'XML:com.adobe.xmp': xmp, ...texts } = readPngTexts(bytes, inflate)
  const packet = xmp === undefined ? undefined : new TextEncoder().encode(xmp)
  return { ...named({ xmp: packet }), ...texts, ...named({ exif: pngExif(bytes) }) }
}

function named({ exif, xmp }: { exif?: Uint8Array; xmp?: Uint8Array }): Record<string, string> {
  const parameters = exif && readUserComment(exif)
  const planograph = xmp && readXmp(xmp)
  return { ...(parameters && { parameters }), ...(planograph && { planograph }) }
}

function pngExif(bytes: Uint8Array): Uint8Array | undefined {
  for (const chunk of pngChunks(bytes)) if (chunk.type === 'eXIf' && chunk.ok) return chunk.data
  return undefined
}

/**
 * The same file saying this and only this: absent texts are taken away. Pixels are not touched. JPEG segments hold
 * 64 KiB; `leftOut` names texts that did not fit. Files of other formats come back as they are, all left out.
 */
export function writePictureTexts(
  bytes: Uint8Array,
  { parameters, planograph }: PictureTexts,
): { bytes: Uint8Array; leftOut: (keyof PictureTexts)[] } {
  if (isPng(bytes)) {
    const quiet = writePngTexts(editPng(bytes, saysHow, []), { 'XML:com.adobe.xmp': undefined })
    return { bytes: writePngTexts(quiet, { parameters, planograph }, ['planograph']), leftOut: [] }
  }
  const blocks = {
    exif: parameters === undefined ? undefined : writeUserComment(parameters),
    xmp: planograph === undefined ? undefined : writeXmp(planograph),
  }
  if (isWebp(bytes)) return { bytes: writeWebpBlocks(bytes, blocks), leftOut: [] }
  if (!isJpeg(bytes)) return { bytes, leftOut: present({ parameters, planograph }) }
  const written = writeJpegBlocks(bytes, blocks)
  return {
    bytes: written.bytes,
    leftOut: written.leftOut.map((name) => (name === 'exif' ? 'parameters' : 'planograph')),
  }
}

/** An EXIF chunk with a comment would win over what is written now. */
const saysHow = ({ type, data }: PngChunk) => type === 'eXIf' && readUserComment(data) !== undefined

function present(texts: PictureTexts): (keyof PictureTexts)[] {
  return (['parameters', 'planograph'] as const).filter((name) => texts[name] !== undefined)
}
