import { concatBytes, latin1, latin1Bytes } from './bytes.ts'
import { editPng, type PngChunk, pngChunk, pngChunks } from './png.ts'

/** Undoes zlib compression; must bound what it returns and may throw. Differs between browser and Node. */
export type Inflate = (bytes: Uint8Array) => Uint8Array

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const textTypes: ReadonlySet<string> = new Set(['tEXt', 'zTXt', 'iTXt'])

/**
 * Texts of a PNG by keyword: tEXt, zTXt and iTXt, the first of each keyword. Chunks with a wrong checksum are not
 * believed; compressed ones that cannot be inflated are left out.
 */
export function readPngTexts(bytes: Uint8Array, inflate: Inflate): Record<string, string> {
  const texts = new Map<string, string>()
  for (const chunk of pngChunks(bytes)) {
    if (!chunk.ok || !textTypes.has(chunk.type)) continue
    const keyword = keywordOf(chunk)
    const text = textOf(chunk, keyword.length + 1, inflate)
    if (text !== undefined && !texts.has(keyword)) texts.set(keyword, text)
  }
  return Object.fromEntries(texts)
}

/**
 * The same PNG with these texts in place of any of the same keyword; undefined takes one away. Pixels are not
 * touched. tEXt where the text is Latin-1, else uncompressed iTXt, as Pillow (and so A1111) does;
 * `international` keywords are always iTXt.
 */
export function writePngTexts(
  bytes: Uint8Array,
  texts: Readonly<Record<string, string | undefined>>,
  international: readonly string[] = [],
): Uint8Array {
  const added = Object.entries(texts).flatMap(([keyword, text]) =>
    text === undefined ? [] : [textChunk(keyword, text, international.includes(keyword))],
  )
  return editPng(bytes, (chunk) => textTypes.has(chunk.type) && Object.hasOwn(texts, keywordOf(chunk)), added)
}

function keywordOf({ data }: PngChunk): string {
  const end = data.indexOf(0)
  return latin1(data.subarray(0, end < 0 ? Math.min(data.length, 79) : end))
}

function textOf({ type, data }: PngChunk, from: number, inflate: Inflate): string | undefined {
  if (type === 'tEXt') return plainText(data.subarray(from))
  if (type === 'zTXt') return inflated(data.subarray(from + 1), inflate, plainText)
  const language = data.indexOf(0, from + 2)
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1)
  if (translated < 0) return undefined
  const text = data.subarray(translated + 1)
  return data[from] === 1 ? inflated(text, inflate, utf8Text) : utf8Text(text)
}

const utf8Text = (bytes: Uint8Array) => utf8.decode(bytes)

/** Latin-1 by the specification; libvips, stable-diffusion.cpp and others write UTF-8 all the same. */
function plainText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return latin1(bytes)
  }
}

function inflated(bytes: Uint8Array, inflate: Inflate, decode: (bytes: Uint8Array) => string) {
  try {
    return decode(inflate(bytes))
  } catch {
    return undefined
  }
}

function textChunk(keyword: string, text: string, international: boolean): Uint8Array {
  const name = latin1Bytes(keyword)
  if (!name || name.length < 1 || name.length > 79 || name.includes(0))
    throw new RangeError(`"${keyword}" cannot be the keyword of a PNG text.`)
  const plain = international || text.includes('\0') ? undefined : latin1Bytes(text)
  if (plain && plainText(plain) === text)
    return pngChunk('tEXt', concatBytes([name, new Uint8Array(1), plain]))
  // After the keyword: its end, two zeros for "not compressed", empty language, empty translated keyword.
  return pngChunk('iTXt', concatBytes([name, new Uint8Array(5), new TextEncoder().encode(text)]))
}
