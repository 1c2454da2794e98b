import { inflateSync } from 'node:zlib'
import { infotextOfTexts } from '../kinds/dialects.ts'
import { type Infotext, printInfotext } from '../kinds/infotext.ts'
import { infotextOf, type PictureMetadata } from '../kinds/picture-metadata.ts'
import { readPictureTexts, writePictureTexts } from '../kinds/picture-texts.ts'

/** Compressed texts are inflated to at most this many bytes. */
const maxOutputLength = 16 * 1024 * 1024

/** The texts a picture file carries, by keyword: `parameters`, `planograph` and whatever else a PNG has. */
export function textsOf(bytes: Uint8Array): Record<string, string> {
  return readPictureTexts(bytes, (packed) => inflateSync(packed, { maxOutputLength }))
}

/** How the picture was made, as the file says it; undefined when it does not. */
export function infotextIn(bytes: Uint8Array): Infotext | undefined {
  return infotextOfTexts(textsOf(bytes))
}

/** The same PNG, JPEG or WebP carrying A1111's `parameters`: what makes an image value describe itself. */
export function withInfotext(bytes: Uint8Array, infotext: string): Uint8Array {
  return writePictureTexts(bytes, { parameters: infotext, planograph: textsOf(bytes).planograph }).bytes
}

/** The infotext of a picture of ours, ready for `withInfotext`. */
export function infotextFor(metadata: PictureMetadata): string {
  const more = { ...metadata.more, Version: 'Planograph' }
  return printInfotext(infotextOf({ ...metadata, more }))
}

/**
 * Gives `made` the infotext of the picture it was made from. The workflow stays behind: it was another one, and
 * save-image writes the present one.
 */
export function keepInfotext(source: Uint8Array, made: Uint8Array): Uint8Array {
  const texts = textsOf(source)
  const infotext = infotextOfTexts(texts)
  return infotext ? withInfotext(made, texts.parameters ?? printInfotext(infotext)) : made
}
