/** A stretch of prompt text with one weight, or the mark that starts a new chunk of tokens. */
export type PromptPart = { text: string; weight: number } | { break: true }

const ROUND = 1.1
const SQUARE = 1 / 1.1
const tokens = /\\[\\()[\]]|:\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*\)|[()[\]]|[^\\()[\]:]+|[\\:]/g

/**
 * Reads A1111's prompt syntax: `(text)` weighs 1.1, `[text]` 1/1.1, `(text:1.3)` 1.3, nested ones multiply;
 * `\(` is a bracket to be read; `BREAK` in upper case starts a new chunk. A bracket left open reaches to the end, a
 * closing one without an opening one is text, and so is a `:` that no weight and bracket follow. Neighbours of equal
 * weight are joined. An empty prompt has one empty part.
 */
export function parsePrompt(prompt: string): PromptPart[] {
  const reader = new Reader()
  for (const match of prompt.matchAll(tokens)) reader.read(match[0], match[1])
  return joined(reader.finish())
}

/** True when the prompt says nothing but plain text of weight 1. */
export function isPlain(parts: readonly PromptPart[]): boolean {
  return parts.every((part) => 'text' in part && part.weight === 1)
}

/** The words without weights and brackets, as a model without prompt syntax should get them. */
export function plainPrompt(prompt: string): string {
  return parsePrompt(prompt)
    .map((part) => ('text' in part ? part.text : ' '))
    .join('')
}

/** Open brackets remember where they began, since their weight is known only when they close. */
class Reader {
  private readonly parts: PromptPart[] = []
  private readonly round: number[] = []
  private readonly square: number[] = []

  read(token: string, weight: string | undefined): void {
    if (token.length === 2 && token.startsWith('\\')) this.parts.push({ text: token.slice(1), weight: 1 })
    else if (token === '(') this.round.push(this.parts.length)
    else if (token === '[') this.square.push(this.parts.length)
    else if (weight !== undefined && this.round.length > 0) this.close(this.round, Number(weight))
    else if (token === ')' && this.round.length > 0) this.close(this.round, ROUND)
    else if (token === ']' && this.square.length > 0) this.close(this.square, SQUARE)
    else this.text(token)
  }

  finish(): PromptPart[] {
    while (this.round.length > 0) this.close(this.round, ROUND)
    while (this.square.length > 0) this.close(this.square, SQUARE)
    return this.parts
  }

  private close(open: number[], factor: number): void {
    for (const part of this.parts.slice(open.pop())) if ('text' in part) part.weight *= factor
  }

  private text(text: string): void {
    for (const [index, piece] of text.split(/\s*\bBREAK\b\s*/).entries()) {
      if (index > 0) this.parts.push({ break: true })
      this.parts.push({ text: piece, weight: 1 })
    }
  }
}

function joined(parts: PromptPart[]): PromptPart[] {
  const result: PromptPart[] = []
  for (const part of parts) {
    const last = result.at(-1)
    if (last && 'text' in last && 'text' in part && last.weight === part.weight) last.text += part.text
    else if (!('text' in part) || part.text !== '') result.push(part)
  }
  return result.length > 0 ? result : [{ text: '', weight: 1 }]
}

const refusals: readonly { what: string; pattern: RegExp }[] = [
  { what: 'tags of LoRAs and hypernetworks', pattern: /<(?:lora|lyco|hypernet):[^>]*>/i },
  { what: 'prompt editing', pattern: /\[[^[\]]*:[^[\]]*:?\s*\d*\.?\d+\s*\]/ },
  { what: 'alternating words', pattern: /\[[^[\]]*\|[^[\]]*\]/ },
  { what: 'prompts joined by AND', pattern: /\bAND\b/ },
]

/**
 * The first piece of A1111 syntax beyond weights and BREAK, with its name for people: LoRA tags, `[from:to:when]`,
 * `[a|b]` and AND. Backends that would take it for plain words refuse it instead.
 */
export function refusedSyntax(prompt: string): { what: string; text: string } | undefined {
  for (const { what, pattern } of refusals) {
    const found = pattern.exec(prompt)
    if (found) return { what, text: found[0] }
  }
  return undefined
}
