import { concatBytes, latin1, startsWith, viewOf } from './bytes.ts'

/** WebP container (RIFF), https://developers.google.com/speed/webp/docs/riff_container. */
interface RiffChunk {
  type: string
  data: Uint8Array
  /** Where it lies in the file, with its header and padding. */
  start: number
  end: number
}

const flags = { xmp: 4, exif: 8, alpha: 16 }

export function isWebp(bytes: Uint8Array): boolean {
  return startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)
}

/** The EXIF block (TIFF) and the XMP packet of a WebP file. */
export function readWebpBlocks(bytes: Uint8Array): { exif?: Uint8Array; xmp?: Uint8Array } {
  const blocks: { exif?: Uint8Array; xmp?: Uint8Array } = {}
  for (const { type, data } of chunks(bytes)) {
    if (type === 'EXIF') blocks.exif ??= data
    if (type === 'XMP ') blocks.xmp ??= data
  }
  return blocks
}

/** The same WebP with these blocks in place of its own; absent ones are taken away. The picture itself is not touched. */
export function writeWebpBlocks(
  bytes: Uint8Array,
  { exif, xmp }: { exif?: Uint8Array; xmp?: Uint8Array },
): Uint8Array {
  const kept = [...chunks(bytes)].filter(({ type }) => type !== 'EXIF' && type !== 'XMP ' && type !== 'VP8X')
  const header = extendedHeader(bytes, (exif ? flags.exif : 0) | (xmp ? flags.xmp : 0))
  const parts = kept.map(({ start, end }) => bytes.subarray(start, end))
  if (header) parts.unshift(chunk('VP8X', header))
  if (header && exif) parts.push(chunk('EXIF', exif))
  if (header && xmp) parts.push(chunk('XMP ', xmp))
  const body = concatBytes([Uint8Array.from('WEBP', (c) => c.charCodeAt(0)), ...parts])
  return chunk('RIFF', body)
}

/** The VP8X header that names what else is in the file; made anew from the picture's own header where there is none. */
function extendedHeader(bytes: Uint8Array, metadata: number): Uint8Array | undefined {
  for (const { type, data } of chunks(bytes)) {
    if (type === 'VP8X') {
      const header = data.slice()
      header[0] = ((header[0] ?? 0) & ~(flags.exif | flags.xmp)) | metadata
      return header
    }
    const size = type === 'VP8 ' ? lossySize(data) : type === 'VP8L' ? losslessSize(data) : undefined
    if (!size) continue
    const header = new Uint8Array(10)
    header[0] = metadata | (size.alpha ? flags.alpha : 0)
    writeUint24(header, 4, size.width - 1)
    writeUint24(header, 7, size.height - 1)
    return header
  }
  return undefined
}

/** RFC 6386 §9.1: after the frame tag and start code, two little-endian 14-bit numbers. */
function lossySize(data: Uint8Array) {
  const view = viewOf(data)
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff, alpha: false }
}

/** After the signature byte: width − 1 and height − 1 in 14 bits each, then whether alpha is used. */
function losslessSize(data: Uint8Array) {
  const bits = viewOf(data).getUint32(1, true)
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
    alpha: (bits & 0x10000000) !== 0,
  }
}

function writeUint24(bytes: Uint8Array, at: number, value: number) {
  bytes.set([value & 255, (value >> 8) & 255, (value >> 16) & 255], at)
}

function* chunks(bytes: Uint8Array): Generator<RiffChunk> {
  if (!isWebp(bytes)) return
  const view = viewOf(bytes)
  let start = 12
  while (start + 8 <= bytes.length) {
    const length = view.getUint32(start + 4, true)
    const stop = start + 8 + length
    if (stop > bytes.length) return
    const end = Math.min(bytes.length, stop + (length & 1))
    yield {
      type: latin1(bytes.subarray(start, start + 4)),
      data: bytes.subarray(start + 8, stop),
      start,
      end,
    }
    start = end
  }
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const head = new Uint8Array(8)
  for (let i = 0; i < 4; i++) head[i] = type.charCodeAt(i)
  viewOf(head).setUint32(4, data.length, true)
  return concatBytes([head, data, new Uint8Array(data.length & 1)])
}
