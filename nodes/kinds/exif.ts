import { concatBytes, startsWith, viewOf } from './bytes.ts'

/**
 * The little of EXIF (TIFF 6.0, EXIF 2.32) that pictures' texts need: tag UserComment, where A1111 puts the infotext
 * of JPEG and WebP files, as "UNICODE\0" and UTF-16, big-endian.
 */
const exifPointer = 0x8769
const userComment = 0x9286
const unicode = 'UNICODE\0'
const ascii = 'ASCII\0\0\0'

/** A TIFF block that holds only this comment. */
export function writeUserComment(text: string): Uint8Array {
  const comment = concatBytes([Uint8Array.from(unicode, (c) => c.charCodeAt(0)), utf16(text)])
  const head = new Uint8Array(44)
  const view = viewOf(head)
  head.set([0x4d, 0x4d, 0, 42])
  view.setUint32(4, 8)
  writeDirectory(view, 8, { tag: exifPointer, type: 4, count: 1, value: 26 })
  writeDirectory(view, 26, { tag: userComment, type: 7, count: comment.length, value: 44 })
  return concatBytes([head, comment])
}

/** A directory of one entry is 18 bytes: count, entry, no next directory. */
function writeDirectory(
  view: DataView,
  at: number,
  { tag, type, count, value }: { tag: number; type: number; count: number; value: number },
) {
  view.setUint16(at, 1)
  view.setUint16(at + 2, tag)
  view.setUint16(at + 4, type)
  view.setUint32(at + 6, count)
  view.setUint32(at + 10, value)
}

/** The comment in a TIFF block, with or without "Exif\0\0" before it. Undefined when there is none; never throws. */
export function readUserComment(block: Uint8Array): string | undefined {
  const tiff = startsWith(block, 'Exif\0\0') ? block.subarray(6) : block
  const little = startsWith(tiff, 'II')
  if (!little && !startsWith(tiff, 'MM')) return undefined
  try {
    const view = viewOf(tiff)
    const pointer = findEntry(view, view.getUint32(4, little), exifPointer, little)
    const entry = pointer && findEntry(view, view.getUint32(pointer + 8, little), userComment, little)
    if (!entry) return undefined
    const count = view.getUint32(entry + 4, little)
    const start = count <= 4 ? entry + 8 : view.getUint32(entry + 8, little)
    return decodeComment(tiff.subarray(start, start + count), little)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Position of the entry with this tag in the directory at `at`. */
function findEntry(view: DataView, at: number, tag: number, little: boolean): number | undefined {
  const count = view.getUint16(at, little)
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + 12 * i
    if (view.getUint16(entry, little) === tag) return entry
  }
  return undefined
}

function decodeComment(bytes: Uint8Array, little: boolean): string | undefined {
  const text = bytes.subarray(8)
  if (startsWith(bytes, unicode)) return fromUtf16(text, little)
  const plain = startsWith(bytes, ascii) || startsWith(bytes, '\0\0\0\0\0\0\0\0') ? text : bytes
  return new TextDecoder().decode(plain).replace(/\0+$/, '').trimEnd() || undefined
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  const view = viewOf(bytes)
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i))
  return bytes
}

/** Big-endian as A1111 writes. In little-endian blocks either is found, which shows in where the zeros are. */
function fromUtf16(bytes: Uint8Array, littleBlock: boolean): string {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe
  const bigMarked = bytes[0] === 0xfe && bytes[1] === 0xff
  const body = marked || bigMarked ? bytes.subarray(2) : bytes
  const little = marked || (littleBlock && !bigMarked && zeros(body, 1) > zeros(body, 0))
  const view = viewOf(body)
  const units: string[] = []
  for (let at = 0; at + 1 < body.length; at += 2) units.push(String.fromCharCode(view.getUint16(at, little)))
  return units.join('')
}

function zeros(bytes: Uint8Array, from: number): number {
  let count = 0
  for (let at = from; at < bytes.length; at += 2) if (bytes[at] === 0) count++
  return count
}
