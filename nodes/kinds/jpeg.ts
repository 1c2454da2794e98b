import { concatBytes, latin1Bytes, startsWith, viewOf } from './bytes.ts'

const exifStart = 'Exif\0\0'
const xmpStart = 'http://ns.adobe.com/xap/1.0/\0'
const application1 = 0xe1

/** What one segment can hold besides its marker and length: a text above it does not fit into a JPEG file. */
const segmentBytes = 65_533

interface Segment {
  marker: number
  data: Uint8Array
  start: number
  end: number
}

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
}

/** The EXIF block (TIFF) and the XMP packet of a JPEG file. */
export function readJpegBlocks(bytes: Uint8Array): { exif?: Uint8Array; xmp?: Uint8Array } {
  const blocks: { exif?: Uint8Array; xmp?: Uint8Array } = {}
  for (const segment of segments(bytes)) {
    if (isExif(segment)) blocks.exif ??= segment.data.subarray(exifStart.length)
    if (isXmp(segment)) blocks.xmp ??= segment.data.subarray(xmpStart.length)
  }
  return blocks
}

/**
 * The same JPEG with these blocks in place of its own; absent ones are taken away. The picture itself is not touched.
 * `leftOut` names blocks that are too large for a JPEG segment (64 KiB).
 */
export function writeJpegBlocks(
  bytes: Uint8Array,
  { exif, xmp }: { exif?: Uint8Array; xmp?: Uint8Array },
): { bytes: Uint8Array; leftOut: ('exif' | 'xmp')[] } {
  const made = { exif: exif && segment(exifStart, exif), xmp: xmp && segment(xmpStart, xmp) }
  const leftOut = (['exif', 'xmp'] as const).filter((name) => made[name] === 'too large')
  const added = [made.exif, made.xmp].filter((each) => each instanceof Uint8Array)
  const parts = [bytes.subarray(0, 2)]
  let after = 2
  let placed = false
  for (const each of segments(bytes)) {
    if (!placed && each.marker !== 0xe0) {
      parts.push(...added)
      placed = true
    }
    if (!isExif(each) && !isXmp(each)) parts.push(bytes.subarray(each.start, each.end))
    after = each.end
  }
  if (!placed) parts.push(...added)
  return { bytes: concatBytes([...parts, bytes.subarray(after)]), leftOut }
}

/** Segments before the picture's data. */
function* segments(bytes: Uint8Array): Generator<Segment> {
  if (!isJpeg(bytes)) return
  const view = viewOf(bytes)
  let start = 2
  while (start + 4 <= bytes.length && bytes[start] === 0xff) {
    const marker = bytes[start + 1] ?? 0
    if (marker === 0xff) {
      start++
      continue
    }
    // Start of scan, end of image, and markers without a length.
    if (marker === 0xda || marker === 0xd9 || (marker >= 0xd0 && marker <= 0xd8) || marker === 1) return
    const end = start + 2 + view.getUint16(start + 2)
    if (end > bytes.length) return
    yield { marker, data: bytes.subarray(start + 4, end), start, end }
    start = end
  }
}

const isExif = ({ marker, data }: Segment) => marker === application1 && startsWith(data, exifStart)
const isXmp = ({ marker, data }: Segment) => marker === application1 && startsWith(data, xmpStart)

function segment(name: string, data: Uint8Array): Uint8Array | 'too large' {
  const start = latin1Bytes(name) ?? new Uint8Array()
  const length = start.length + data.length + 2
  if (length > segmentBytes + 2) return 'too large'
  return concatBytes([Uint8Array.of(0xff, application1, length >> 8, length & 255), start, data])
}
