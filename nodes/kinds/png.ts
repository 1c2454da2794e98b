import { concatBytes, latin1, startsWith, viewOf } from './bytes.ts'

const signature = '\x89PNG\r\n\x1a\n'

/** A chunk of a PNG file. */
export interface PngChunk {
  type: string
  data: Uint8Array
  /** Whether its checksum fits; computed when asked, because pixels are long. */
  readonly ok: boolean
  /** Where it lies in the file, with length and checksum. */
  start: number
  end: number
}

export function isPng(bytes: Uint8Array): boolean {
  return startsWith(bytes, signature)
}

/** Width and height in pixels as the header states them, read without decoding; undefined when it is no PNG. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (!isPng(bytes) || !startsWith(bytes, 'IHDR', 12) || bytes.length < 24) return undefined
  const view = viewOf(bytes)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

/** The chunks in order; stops silently where the file is cut off. */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  if (!isPng(bytes)) return
  const view = viewOf(bytes)
  let start = signature.length
  while (start + 12 <= bytes.length) {
    const end = start + 12 + view.getUint32(start)
    if (end > bytes.length) return
    const type = latin1(bytes.subarray(start + 4, start + 8))
    const body = bytes.subarray(start + 4, end - 4)
    const sum = view.getUint32(end - 4)
    yield {
      type,
      data: body.subarray(4),
      start,
      end,
      get ok() {
        return sum === crc32(body)
      },
    }
    if (type === 'IEND') return
    start = end
  }
}

export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length)
  const view = viewOf(chunk)
  view.setUint32(0, data.length)
  for (let i = 0; i < 4; i++) chunk[4 + i] = type.charCodeAt(i)
  chunk.set(data, 8)
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)))
  return chunk
}

/** The file without the chunks that `drop` names and with `add` right after the header. Pixels stay as they are. */
export function editPng(
  bytes: Uint8Array,
  drop: (chunk: PngChunk) => boolean,
  add: readonly Uint8Array[],
): Uint8Array {
  const parts = [bytes.subarray(0, signature.length)]
  for (const chunk of pngChunks(bytes)) {
    if (!drop(chunk)) parts.push(bytes.subarray(chunk.start, chunk.end))
    if (chunk.type === 'IHDR') parts.push(...add)
  }
  return concatBytes(parts)
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/** CRC-32 as PNG, zip and gzip use it (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
