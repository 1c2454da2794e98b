import { stripVTControlCharacters } from 'node:util'

/** Blocks that terminals draw two columns wide: East Asian wide and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const hidden = /\p{Mn}|\p{Me}|\p{Cf}/u

/** Columns a text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0
  for (const letter of stripVTControlCharacters(text))
    width += hidden.test(letter) ? 0 : wide.test(letter) ? 2 : 1
  return width
}

/** At most so many columns, with an ellipsis when something was cut. The text must hold no colour codes. */
export function clip(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let kept = ''
  for (const letter of text) {
    if (textWidth(kept + letter) > columns - 1) break
    kept += letter
  }
  return `${kept}…`
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)))
}

/** Lines of at most so many columns, broken between words. Line breaks of the text stay. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, columns))
}

function wrapLine(line: string, columns: number): string[] {
  const [first = '', ...words] = line.split(' ')
  const lines: string[] = []
  let current = first
  for (const word of words) {
    const longer = `${current} ${word}`
    if (current.trim() !== '' && textWidth(longer) > columns) {
      lines.push(current)
      current = word
    } else current = longer
  }
  return [...lines, current]
}

/** Control characters and those that reverse the direction of text could hide something on a terminal. */
const unsafe = /\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu

/** The text with such characters shown instead of sent; line breaks and tabs stay. */
export function printable(text: string): string {
  return text.replace(unsafe, (letter) =>
    letter === '\n' || letter === '\t' ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
