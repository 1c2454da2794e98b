/**
 * A1111's text form of how a picture was made: prompt, negative prompt, then one line of `Key: value` pairs.
 * Grammar: stable-diffusion-webui 1.10.1, modules/infotext_utils.py and modules/processing.py (create_infotext).
 */
export interface Infotext {
  prompt: string
  negative: string
  /** By A1111's labels (`Steps`, `Sampler`, `CFG scale`…), values as written, quotes undone. */
  parameters: Record<string, string>
}

const key = String.raw`[\p{L}\p{N}_][\p{L}\p{N}_ \-\/]{1,120}`
const pairPattern = new RegExp(String.raw`(${key}):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)`, 'gu')
const jsonStart = new RegExp(String.raw`\s*(${key}):\s*(?=[{[])`, 'uy')
const keyPattern = new RegExp(`^${key}$`, 'u')
const negativeStart = 'Negative prompt:'

/** Civitai puts both on one line when the negative prompt is empty. */
const joinedLine = /^\s*Negative prompt:(.*?)\s*\b(Steps: \d+,.*)$/u

/** Pairs of ours for texts that the grammar cannot hold, such as a prompt with indented lines. Three, so that the line counts. */
const exactKeys = ['Exact', 'Exact prompt', 'Exact negative prompt'] as const

/** Reads any text: what is no infotext is a prompt. Never throws. */
export function parseInfotext(text: string): Infotext {
  const lines = text.trim().split('\n')
  const { before, pairs } = splitLastLine(lines.pop() ?? '')
  lines.push(...before)
  const { prompt, negative } = splitPrompts(lines)
  const parameters = new Map(pairs)
  const exact = parameters.has('Exact')
  const read = {
    prompt: (exact ? parameters.get('Exact prompt') : undefined) ?? prompt,
    negative: (exact ? parameters.get('Exact negative prompt') : undefined) ?? negative,
  }
  if (exact) for (const name of exactKeys) parameters.delete(name)
  return { ...read, parameters: Object.fromEntries(parameters) }
}

/**
 * The text of it. `parseInfotext` reads back exactly the same, for every text and value; where A1111's grammar has no
 * form for it, additional quoted pairs hold the exact prompts. Throws RangeError for a key that is no key.
 */
export function printInfotext({ prompt, negative, parameters }: Infotext): string {
  const pairs = Object.entries(parameters)
  for (const [name] of pairs) refuseBadKey(name)
  const plain = layOut(prompt, negative, pairs)
  const read = parseInfotext(plain)
  const same =
    read.prompt === prompt &&
    read.negative === negative &&
    Object.keys(read.parameters).length === pairs.length
  if (same) return plain
  return layOut(prompt, negative, [
    ...pairs,
    ['Exact prompt', prompt],
    ['Exact negative prompt', negative],
    ['Exact', 'yes'],
  ])
}

type Pair = readonly [string, string]

function splitLastLine(line: string): { before: string[]; pairs: Pair[] } {
  const joined = joinedLine.exec(line)
  if (joined) {
    const pairs = pairsOf(joined[2] ?? '')
    if (pairs.length >= 3) return { before: [`${negativeStart}${joined[1]}`], pairs: withValue(pairs) }
  }
  const pairs = pairsOf(line)
  return pairs.length >= 3 ? { before: [], pairs: withValue(pairs) } : { before: [line], pairs: [] }
}

/** An empty value says nothing; `""` is a value. */
const withValue = (pairs: Pair[]) =>
  pairs.flatMap(([name, value]): Pair[] => (value === '' ? [] : [[name, unquote(value)]]))

function splitPrompts(lines: readonly string[]) {
  const prompt: string[] = []
  const negative: string[] = []
  let into = prompt
  for (const line of lines) {
    const text = line.trim()
    const starts = text.startsWith(negativeStart)
    if (starts) into = negative
    const rest = starts ? text.slice(negativeStart.length).trim() : text
    if (into.length > 0 || rest !== '') into.push(rest)
  }
  return { prompt: prompt.join('\n'), negative: negative.join('\n') }
}

/** All pairs of a line. Unquoted JSON values, as Civitai and stable-diffusion.cpp write them, are taken whole. */
function pairsOf(line: string): Pair[] {
  const pairs: Pair[] = []
  let at = 0
  // Bounded, so that a line of nothing but opening brackets is not read to its end for each.
  let tries = 100
  while (at < line.length) {
    const json = tries > 0 ? jsonPairAt(line, at) : undefined
    if (json === 'no JSON') tries--
    else if (json) {
      pairs.push([json.name, json.value])
      at = json.end
      continue
    }
    pairPattern.lastIndex = at
    const match = pairPattern.exec(line)
    if (!match) break
    pairs.push([match[1] ?? '', match[2] ?? ''])
    at = pairPattern.lastIndex
  }
  return pairs
}

function jsonPairAt(line: string, at: number) {
  jsonStart.lastIndex = at
  const match = jsonStart.exec(line)
  if (!match) return undefined
  const end = closingBracket(line, jsonStart.lastIndex)
  const value = line.slice(jsonStart.lastIndex, end)
  const rest = /^\s*(?:,|$)/.exec(line.slice(end, end + 40))
  if (!rest || !isJson(value)) return 'no JSON'
  return { name: match[1] ?? '', value, end: end + rest[0].length }
}

/** Position after the bracket that closes the one at `at`; quoted brackets do not count. */
function closingBracket(line: string, at: number): number {
  let depth = 0
  let quoted = false
  for (let i = at; i < line.length; i++) {
    const c = line[i]
    if (quoted && c === '\\') i++
    else if (c === '"') quoted = !quoted
    else if (!quoted && (c === '{' || c === '[')) depth++
    else if (!quoted && (c === '}' || c === ']') && --depth === 0) return i + 1
  }
  return line.length
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function unquote(value: string): string {
  if (!value.startsWith('"') || !value.endsWith('"')) return value
  try {
    return String(JSON.parse(value))
  } catch {
    return value
  }
}

function layOut(prompt: string, negative: string, pairs: readonly Pair[]): string {
  const line = pairs.map(([name, value]) => `${name}: ${quote(value)}`).join(', ')
  const negativeLine = negative === '' ? '' : `\n${negativeStart} ${negative}`
  return `${prompt}${negativeLine}${line === '' ? '' : `\n${line}`}`.trim()
}

/** A1111 quotes values with a comma, colon or line break; ours also those that would not read back as they are. */
function quote(value: string): string {
  const plain = value !== '' && value === value.trim() && !/[,:\n\r]|^["{[]/.test(value)
  return plain ? value : JSON.stringify(value)
}

function refuseBadKey(name: string) {
  if (keyPattern.test(name) && !exactKeys.some((exact) => exact === name)) return
  throw new RangeError(`"${name}" cannot be the name of a parameter in an infotext.`)
}
