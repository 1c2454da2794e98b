import { findSampler, samplerLabels, scheduleTypes } from '../../../kinds/samplers.ts'
import { anyOf, type Scanner } from './scanner.ts'

/** Parameters that a wish names outright. */
export interface Parameters {
  steps?: number
  cfg?: number
  denoise?: number
  size?: { width: number; height: number }
  /** A1111's label, whether the backend has it or not. */
  sampler?: string
  scheduler?: string
  /** A checkpoint as it was named. */
  model?: string
  seed?: string
}

const decimal = '(\\d{1,3}(?:[.,]\\d+)?)'

/** Takes the parameters that a text names with their numbers. Out of range ones are left to the checks that follow. */
export function readParameters(scanner: Scanner): Parameters {
  const size = scanner.take(/\b(?:at |in )?(\d{2,5})\s*(?:x|×|by)\s*(\d{2,5})(?:\s*(?:px|pixels?))?\b/i)
  return {
    size: size && { width: Number(size[1]), height: Number(size[2]) },
    steps: number(scanner, [
      '\\b(?:with |in |use )?(\\d{1,3})\\s*(?:sampling )?steps\\b',
      '\\bsteps\\s*(?:[:=]|to)?\\s*(\\d{1,3})\\b',
    ]),
    cfg: number(scanner, [
      `\\b(?:with |at )?(?:a )?(?:cfg(?: scale)?|guidance(?: scale)?)\\s*(?:of|at|to|[:=])?\\s*${decimal}`,
      `\\b${decimal}\\s*cfg\\b`,
    ]),
    denoise: number(scanner, [
      `\\b(?:with |at )?(?:denois\\w*)(?: strength)?\\s*(?:of|at|to|[:=])?\\s*${decimal}`,
    ]),
    seed: scanner.take(/\b(?:with |use )?(?:the )?seed\s*(?:of|[:=])?\s*(\d{1,20})\b/i)?.[1],
    sampler: takeSampler(scanner),
    scheduler: takeScheduler(scanner),
    model: takeModel(scanner),
  }
}

function number(scanner: Scanner, patterns: readonly string[]): number | undefined {
  for (const pattern of patterns) {
    const found = scanner.take(new RegExp(pattern, 'i'))?.[1]
    if (found !== undefined) return Number(found.replace(',', '.'))
  }
  return undefined
}

/** A sampler counts only where it is spoken of as one: "restart" and "Euler" are words, too. */
function takeSampler(scanner: Scanner): string | undefined {
  const labels = samplerLabels.map(({ label }) => label)
  const told = scanner.take(
    anyOf(
      labels,
      (inner) => `\\b(?:use|using|with|try|on|sampler:?)\\s+(?:the\\s+)?(${inner})(?:\\s+sampler)?`,
    ),
  )
  const called = told ?? scanner.take(anyOf(labels, (inner) => `(${inner})\\s+sampler`))
  return called?.[1] && findSampler(called[1])?.label
}

function takeScheduler(scanner: Scanner): string | undefined {
  const said = scanner.take(
    anyOf(
      scheduleTypes,
      (inner) =>
        `(?:\\b(?:and|with|use|using)\\s+)?(?:the\\s+)?(?:(${inner})\\s+(?:schedule(?: type|r)?|noise)|(?:schedule(?: type|r)?:?)\\s+(${inner}))`,
    ),
  )
  const karras = said ? undefined : scanner.take(/\b(?:(?:and|with|use|using)\s+)?karras\b/i)
  const label = karras ? 'Karras' : (said?.[1] ?? said?.[2])
  return scheduleTypes.find((known) => known.toLowerCase() === label?.toLowerCase())
}

/** "a model car" names no checkpoint; "use the model sdxl.safetensors" and "checkpoint sdxl" do. */
function takeModel(scanner: Scanner): string | undefined {
  const told =
    /\b(?:(?:use|using|switch to|try)\s+(?:the\s+)?(?:checkpoint|model)|checkpoint)\s*:?\s+"?([\w.+-]*\w)"?/i
  return scanner.take(told)?.[1]
}
