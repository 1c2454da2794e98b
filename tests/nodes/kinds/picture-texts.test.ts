import { deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../../nodes/kinds/bytes.ts'
import { writeJpegBlocks } from '../../../nodes/kinds/jpeg.ts'
import { readPictureTexts, writePictureTexts } from '../../../nodes/kinds/picture-texts.ts'
import { isPng, pngChunk, pngChunks, pngSize } from '../../../nodes/kinds/png.ts'
import { writePngTexts } from '../../../nodes/kinds/png-text.ts'

const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#3a6' } })
const files = {
  png: new Uint8Array(await picture.clone().png().toBuffer()),
  jpeg: new Uint8Array(await picture.clone().jpeg().toBuffer()),
  'lossy webp': new Uint8Array(await picture.clone().webp().toBuffer()),
  'lossless webp': new Uint8Array(await picture.clone().webp({ lossless: true }).toBuffer()),
  'transparent webp': new Uint8Array(await picture.clone().ensureAlpha(0.5).webp().toBuffer()),
}
const inflate = (bytes: Uint8Array) => inflateSync(bytes, { maxOutputLength: 1_000_000 })
const read = (bytes: Uint8Array) => readPictureTexts(bytes, inflate)
const pixels = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer()
const ascii = (text: string) => new TextEncoder().encode(text)
/** A PNG with this chunk after its header. */
const withChunk = (type: string, data: Uint8Array) =>
  concatBytes([files.png.subarray(0, 33), pngChunk(type, data), files.png.subarray(33)])

import { readXmp } from '../../../nodes/kinds/xmp.ts'

describe.each(Object.entries(files))('a %s', (_name, file) => {
  const texts = fc.record({
    parameters: fc.string({ unit: 'grapheme', minLength: 1 }),
    planograph: fc.json({ noUnicodeString: false }),
  })

  test('says what was written into it, and keeps its pixels', async () => {
    const written = {
      parameters: 'лес, a\nSteps: 20, Seed: 1, Size: 8x8',
      planograph: '{"name":"a <b> & \\"c\\""}',
    }
    const { bytes, leftOut } = writePictureTexts(file, written)
    expect(read(bytes)).toEqual(written)
    expect(leftOut).toEqual([])
    expect(await pixels(bytes)).toEqual(await pixels(file))
    expect((await sharp(bytes).metadata()).width).toBe(40)
  })

  test('says back any text', () => {
    fc.assert(
      fc.property(texts, (each) => {
        expect(read(writePictureTexts(file, each).bytes)).toEqual(each)
      }),
    )
  })

  test('still says it when another program saves it anew and keeps metadata', async () => {
    const written = { parameters: 'лес, a\nSteps: 20, Seed: 1, Size: 8x8', planograph: '{"a":"<1>"}' }
    const { bytes } = writePictureTexts(file, written)
    const formats = isPng(file) ? (['png'] as const) : (['jpeg', 'webp', 'png'] as const)
    for (const format of formats)
      expect(read(await sharp(bytes).keepMetadata().toFormat(format).toBuffer())).toEqual(written)
  })

  test('says only the last that was written', () => {
    const first = writePictureTexts(file, { parameters: 'one', planograph: '{}' }).bytes
    expect(read(writePictureTexts(first, { parameters: 'two' }).bytes)).toEqual({ parameters: 'two' })
    expect(read(writePictureTexts(first, {}).bytes)).toEqual({})
  })

  test('says nothing that can be read when it is cut off, and nothing fails', () => {
    const { bytes } = writePictureTexts(file, { parameters: 'words'.repeat(20), planograph: '{}' })
    for (let length = 0; length < bytes.length; length += 3) {
      const { parameters = 'words'.repeat(20) } = read(bytes.subarray(0, length))
      expect(parameters).toBe('words'.repeat(20))
    }
  })
})

describe('a PNG', () => {
  test('has a size in its header that is read without decoding', () => {
    expect(pngSize(files.png)).toEqual({ width: 40, height: 30 })
    expect(pngSize(files.jpeg)).toBeUndefined()
  })

  test('holds Latin-1 as tEXt and everything else as iTXt, as A1111 does', () => {
    const types = (text: string) =>
      [...pngChunks(writePngTexts(files.png, { parameters: text }))].map(({ type }) => type)
    expect(types('façade')).toContain('tEXt')
    expect(types('森')).toContain('iTXt')
  })

  test('holds the workflow as iTXt whatever it is made of', () => {
    const { bytes } = writePictureTexts(files.png, { planograph: '{}' })
    expect([...pngChunks(bytes)].map(({ type }) => type)).toContain('iTXt')
  })

  test('has right checksums after texts were written', () => {
    const { bytes } = writePictureTexts(files.png, { parameters: 'a', planograph: '{}' })
    expect([...pngChunks(bytes)].every(({ ok }) => ok)).toBe(true)
  })

  test('is understood with texts that are compressed', () => {
    const packed = deflateSync('a cat')
    const zTXt = withChunk('zTXt', concatBytes([ascii('parameters\0\0'), packed]))
    const iTXt = withChunk('iTXt', concatBytes([ascii('parameters\0\x01\0en\0\0'), packed]))
    expect([read(zTXt), read(iTXt)]).toEqual([{ parameters: 'a cat' }, { parameters: 'a cat' }])
  })

  test('is understood with UTF-8 where Latin-1 belongs', () => {
    expect(read(withChunk('tEXt', concatBytes([ascii('parameters\0'), ascii('森 façade')])))).toEqual({
      parameters: '森 façade',
    })
    expect(read(withChunk('tEXt', Buffer.from('parameters\0façade', 'latin1')))).toEqual({
      parameters: 'façade',
    })
  })

  test('says back Latin-1 that looks like UTF-8', () => {
    expect(read(writePngTexts(files.png, { parameters: 'Ã©' }))).toEqual({ parameters: 'Ã©' })
  })

  test('says nothing by a text that would unpack to more than is allowed', () => {
    const bomb = withChunk(
      'zTXt',
      concatBytes([ascii('parameters\0\0'), deflateSync(Buffer.alloc(2_000_000))]),
    )
    expect(read(bomb)).toEqual({})
  })

  test('says nothing by a text whose checksum is wrong', () => {
    const bytes = withChunk('tEXt', ascii('parameters\0a cat'))
    bytes[33 + 8 + 12] = 0x62
    expect(read(bytes)).toEqual({})
  })

  test('says what its EXIF comment says when it has both, as in A1111', () => {
    const exif = writePictureTexts(files.jpeg, { parameters: 'from EXIF' }).bytes
    const block = exif.subarray(exif.indexOf(0x45) + 6)
    const both = writePngTexts(withChunk('eXIf', block.slice(0, 80)), { parameters: 'from the text' })
    expect(read(both).parameters).toBe('from EXIF')
    expect(read(writePictureTexts(both, { parameters: 'new' }).bytes)).toEqual({ parameters: 'new' })
  })

  test('keeps its other texts', () => {
    const bytes = withChunk('tEXt', ascii('Author\0me'))
    expect(read(writePictureTexts(bytes, { parameters: 'a' }).bytes)).toEqual({
      Author: 'me',
      parameters: 'a',
    })
  })

  test('is refused a keyword that PNG cannot hold', () => {
    expect(() => writePngTexts(files.png, { ['x'.repeat(80)]: 'a' })).toThrow('keyword')
  })
})

describe('EXIF', () => {
  /** What is read from a JPEG with this comment in an EXIF block of the given byte order. */
  const comment = (text: string, order: 'II' | 'MM') => {
    const block = Buffer.alloc(44)
    const u16 = (at: number, n: number) =>
      order === 'II' ? block.writeUInt16LE(n, at) : block.writeUInt16BE(n, at)
    const u32 = (at: number, n: number) =>
      order === 'II' ? block.writeUInt32LE(n, at) : block.writeUInt32BE(n, at)
    block.write(order, 0)
    u16(2, 42)
    u32(4, 8)
    for (const [at, tag, type, count, value] of [
      [8, 0x8769, 4, 1, 26],
      [26, 0x9286, 7, text.length, 44],
    ] as const) {
      u16(at, 1)
      u16(at + 2, tag)
      u16(at + 4, type)
      u32(at + 6, count)
      u32(at + 10, value)
    }
    const exif = concatBytes([block, Buffer.from(text, 'latin1')])
    return read(writeJpegBlocks(files.jpeg, { exif }).bytes).parameters
  }

  test('holds the comment as A1111 writes it: UNICODE and big-endian UTF-16', () => {
    const { bytes } = writePictureTexts(files.jpeg, { parameters: 'Ab' })
    expect(Buffer.from(bytes).includes(Buffer.from('UNICODE\0\0A\0b', 'latin1'))).toBe(true)
    expect(Buffer.from(bytes).includes('Exif\0\0MM')).toBe(true)
  })

  test('is understood in either byte order, whichever the text is in', () => {
    expect(comment('UNICODE\0a\0 \0c\0a\0t\0', 'II')).toBe('a cat')
    expect(comment('UNICODE\0\0a\0 \0c\0a\0t', 'II')).toBe('a cat')
    expect(comment('UNICODE\0\0a\0 \0c\0a\0t', 'MM')).toBe('a cat')
    expect(comment('UNICODE\0\xff\xfea\0 \0c\0a\0t\0', 'MM')).toBe('a cat')
  })

  test('is understood with a comment in ASCII, or with no word of its code', () => {
    expect(comment('ASCII\0\0\0a cat\0', 'MM')).toBe('a cat')
    expect(comment('\0\0\0\0\0\0\0\0a cat   ', 'MM')).toBe('a cat')
  })

  test('is read by sharp as EXIF', async () => {
    const { bytes } = writePictureTexts(files['lossless webp'], { parameters: 'a' })
    expect((await sharp(bytes).metadata()).exif).toBeDefined()
  })
})

describe('XMP', () => {
  const read = (text: string) => readXmp(new TextEncoder().encode(text))

  test('is understood as another program may write it anew', () => {
    expect(read(`<rdf:Description planograph:workflow="{&quot;a&quot;:&#10;1 &lt; &#x32;}"/>`)).toBe(
      '{"a":\n1 < 2}',
    )
    expect(read(`<rdf:Description planograph:workflow='{}'/>`)).toBe('{}')
  })

  test('says nothing of other properties', () => {
    expect(read('<rdf:Description dc:title="a"/>')).toBeUndefined()
  })
})

describe('a JPEG', () => {
  test('leaves out a workflow that is larger than a segment and says so', () => {
    const large = JSON.stringify({ text: 'x'.repeat(70_000) })
    const { bytes, leftOut } = writePictureTexts(files.jpeg, { parameters: 'a', planograph: large })
    expect(leftOut).toEqual(['planograph'])
    expect(read(bytes)).toEqual({ parameters: 'a' })
  })
})

describe('a file of another format', () => {
  test('says nothing and takes nothing', () => {
    const bytes = ascii('GIF89a')
    expect(isPng(bytes)).toBe(false)
    expect(read(bytes)).toEqual({})
    expect(writePictureTexts(bytes, { parameters: 'a' })).toEqual({ bytes, leftOut: ['parameters'] })
  })
})
