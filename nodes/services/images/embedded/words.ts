import { PlanographError } from '../../../../runtime/errors.ts'
import { plainPrompt } from '../../../kinds/prompt-syntax.ts'
import { nearWishes, type Reading, readPrompt, type Vocabulary } from '../../../kinds/vocabulary.ts'
import type { GenerateRequest } from '../backend.ts'
import type { ModelFolder } from './model-folder.ts'

/**
 * What a model with few words should say about a prompt. Throws `invalid` (code `nothing-known`) when the prompt names
 * nothing that the model can draw; where a picture is given, a colour, setting, time or style is enough. Models without
 * a vocabulary know every word.
 */
export function notesOn(
  model: ModelFolder,
  { prompt, kind }: Pick<GenerateRequest, 'prompt' | 'kind'>,
): string[] {
  const { vocabulary } = model
  if (!vocabulary) return []
  const reading = readPrompt(vocabulary, plainPrompt(prompt))
  const { subject, colours, setting, time, style, unknown } = reading
  const change = kind === 'txt2img' ? undefined : (colours[0] ?? setting ?? time ?? style)
  const name = nameInText(model.title)
  if (!(subject ?? change)) throw nothingKnown(name, prompt, vocabulary, reading)
  if (unknown.length === 0) return []
  return [`The ${name} does not know ${listed(unknown)}; it knows ${subjectsOf(vocabulary)}.`]
}

function nothingKnown(
  name: string,
  prompt: string,
  vocabulary: Vocabulary,
  reading: Reading,
): PlanographError {
  const why =
    reading.unknown.length > 0 ? `does not know ${listed(reading.unknown)}` : 'finds no subject there'
  return new PlanographError('invalid', `The ${name} ${why}, and cannot paint "${prompt.trim()}".`, {
    code: 'nothing-known',
    hint: `It draws ${subjectsOf(vocabulary)}. Try: ${nearWishes(vocabulary, reading).join(' · ')}.`,
  })
}

const subjectsOf = ({ subjects }: Vocabulary): string => Object.keys(subjects).join(', ')

/** "Demo model (256 px)" within a sentence: "demo model". */
function nameInText(title: string): string {
  const short = title.replace(/\s*\(.*\)$/, '')
  return /^[A-Z][a-z]/.test(short) ? short.charAt(0).toLowerCase() + short.slice(1) : `model ${short}`
}

function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`)
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}` : (quoted[0] ?? '')
}
