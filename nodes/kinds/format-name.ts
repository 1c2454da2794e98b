import { PlanographError } from '../../runtime/errors.ts'

/** What a file name can be made of. Absent ones leave nothing behind. */
export interface NameParts {
  workflow?: string
  date?: string
  time?: string
  seed?: number | string
  model?: string
  prompt?: string
}

const tokens = ['workflow', 'date', 'time', 'seed', 'model', 'prompt'] as const
const help = 'Known are {workflow} {date} {time} {seed} {model} {prompt} and {n:0000}.'
/** Windows devices: no file can have these names, whatever follows the dot. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
const longestPart = 180

/**
 * A path below a folder, without ending, from a name with tokens; `number` fills {n:0000}, as wide as its zeros. What
 * the tokens bring can name no folder: only a "/" in the name itself does. Throws `invalid` for an unknown token or a
 * name that leads out of the folder.
 */
export function formatName(name: string, parts: NameParts, number: number): string {
  const folders = name.split(/[/\\]/)
  if (
    folders.some((part) => /^\s*\.{1,2}\s*$/.test(part)) ||
    (folders.length > 1 && folders[0] === '') ||
    /^[a-z]:$/i.test(folders[0] ?? '')
  )
    throw new PlanographError('invalid', `The name "${name}" leads out of the folder.`, {
      code: 'name-outside',
      hint: 'Write a name such as "birds/{workflow}-{n:0000}", and choose the folder with Folder.',
    })
  return folders.map((part) => safePart(fill(part, parts, number))).join('/')
}

/** Whether the name counts; if not, a second file of it needs a number appended. */
export function countsFiles(name: string): boolean {
  return /\{n(:0*)?\}/.test(name)
}

function fill(part: string, parts: NameParts, number: number): string {
  const filled = part.replace(/\{([^{}]*)\}/g, (_, token: string) => tokenText(token, parts, number))
  return filled.replace(/([ _-])\1+/g, '$1').replace(/^[ _-]+|[ _-]+$/g, '')
}

function tokenText(token: string, parts: NameParts, number: number): string {
  if (token === 'n' || /^n:0*$/.test(token))
    return String(number).padStart(Math.max(0, token.length - 2), '0')
  const known = tokens.find((each) => each === token)
  if (known === undefined)
    throw new PlanographError('invalid', `{${token}} is not known in a file name.`, { hint: help })
  const text = String(parts[known] ?? '')
  return known === 'prompt' ? shorten(text.replace(/\s+/g, ' ').trim(), 60) : text
}

/** A part of a path that every file system takes. */
function safePart(part: string): string {
  const plain = part
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are not allowed in file names
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, '_')
    .replace(/[. ]+$/, '')
  const short = shorten(plain, longestPart)
  if (short === '') return 'picture'
  return devices.test(short) ? `_${short}` : short
}

/** At most so many bytes of UTF-8, cut between characters. */
function shorten(text: string, bytes: number): string {
  const encoder = new TextEncoder()
  if (encoder.encode(text).length <= bytes) return text
  let kept = ''
  let length = 0
  for (const character of text) {
    length += encoder.encode(character).length
    if (length > bytes) break
    kept += character
  }
  return kept.trimEnd()
}
