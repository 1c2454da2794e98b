/** Where a text stops being JSON. */
export interface JsonFault {
  /** From 1. */
  line: number
  /** From 1, in UTF-16 units. */
  column: number
  /** A clause: "a comma is missing before \"to\"". */
  message: string
  hint: string
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or }' | ', or ]' | 'end'

const space = /[ \t\n\r]*/y
const string = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y

/**
 * Finds the first place where a text is not JSON (RFC 8259), with what is wrong there. `JSON.parse` says it in words
 * that differ between engines, often without a place. Undefined when the text is JSON.
 */
export function jsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let at = 0
  const token = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0] ?? ''
  }
  const closed = (): Expected => (open.length === 0 ? 'end' : open.at(-1) === '{' ? ', or }' : ', or ]')
  for (;;) {
    at += token(space).length
    const found = text[at]
    if (found === undefined && expected === 'end') return undefined
    let length = 1
    if (expected.startsWith('value') && (found === '{' || found === '[')) {
      open.push(found)
      expected = found === '{' ? 'key or }' : 'value or ]'
    } else if (found !== undefined && expected.endsWith(found) && (found === '}' || found === ']')) {
      open.pop()
      expected = closed()
    } else if (found === ',' && expected.startsWith(',')) expected = expected === ', or }' ? 'key' : 'value'
    else if (found === ':' && expected === ':') expected = 'value'
    else if (expected.startsWith('value') || expected.startsWith('key')) {
      length = token(string).length || (expected.startsWith('value') ? token(scalar).length : 0)
      if (length === 0) return fault(text, at, expected)
      expected = expected.startsWith('key') ? ':' : closed()
    } else return fault(text, at, expected)
    at += length
  }
}

function fault(text: string, at: number, expected: Expected): JsonFault {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, ...explain(text, at, expected) }
}

function explain(text: string, at: number, expected: Expected): { message: string; hint: string } {
  const rest = text.slice(at, at + 200)
  const [found = ''] = /^(?:"[^"\n]{0,30}"?|[\w.+-]+|.?)/su.exec(rest) ?? []
  if (text.trim() === '') return { message: 'it is empty', hint: 'Choose another file, or save it again.' }
  if (/^(<{7}|={7}|>{7})/.test(rest))
    return {
      message: 'it holds an unsolved git conflict',
      hint: 'Solve the conflict and remove the lines with <<<<<<<, ======= and >>>>>>>.',
    }
  if (rest === '')
    return { message: 'it ends too early', hint: 'Part of the file is missing: copy or download it again.' }
  if (/^(\/\/|\/\*|#)/.test(rest))
    return {
      message: 'JSON has no comments',
      hint: 'Remove the comment, or put it into a note or a description.',
    }
  if (rest.startsWith("'"))
    return { message: 'texts and names stand in double quotes', hint: 'Write " instead of \'.' }
  if ((expected === 'key' && found === '}') || (expected === 'value' && found === ']'))
    return { message: `there is a comma before the closing "${found}"`, hint: 'Remove that comma.' }
  if (rest.startsWith('"')) return quoted(found, expected)
  return { message: `${needed[expected]} is expected, but there is "${found}"`, hint: hints[expected] }
}

function quoted(found: string, expected: Expected): { message: string; hint: string } {
  if (expected.startsWith(','))
    return {
      message: `a comma is missing before ${found}`,
      hint: 'Put a comma at the end of what comes before.',
    }
  if (expected.startsWith('value') || expected.startsWith('key'))
    return {
      message: `the text that begins with ${found} is not closed, or holds a line break or a wrong escape`,
      hint: 'Close it with ", and write line breaks as \\n and backslashes as \\\\.',
    }
  return { message: `${needed[expected]} is expected, but there is ${found}`, hint: hints[expected] }
}

const needed: { [E in Expected]: string } = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  key: 'a name in double quotes',
  'key or }': 'a name in double quotes or "}"',
  ':': 'a ":"',
  ', or }': 'a comma or "}"',
  ', or ]': 'a comma or "]"',
  end: 'the end of the file',
}
const hints: { [E in Expected]: string } = {
  value: 'Write a text in double quotes, a number, true, false, null, a list or an object.',
  'value or ]': 'Write a text in double quotes, a number, true, false, null, a list or an object.',
  key: 'Put the name into double quotes.',
  'key or }': 'Put the name into double quotes.',
  ':': 'Write a ":" between the name and its value.',
  ', or }': 'Put a comma between the entries, or close the object with "}".',
  ', or ]': 'Put a comma between the items, or close the list with "]".',
  end: 'Remove what follows the end of the workflow.',
}
