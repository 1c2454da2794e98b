import { PlanographError } from '../../../../runtime/errors.ts'
import { plainPrompt } from '../../../kinds/prompt-syntax.ts'
import { nearWishes, readPrompt } from '../../../kinds/vocabulary.ts'
import type { ModelFolder } from './model-folder.ts'

/**
 * What a model with few words should say about a prompt. Throws `invalid` (code `nothing-known`) when the prompt names
 * nothing that the model can draw. Models without a vocabulary know every word.
 */
export function notesOn(model: ModelFolder, prompt: string): string[] {
  const { vocabulary } = model
  if (!vocabulary) return []
  const reading = readPrompt(vocabulary, plainPrompt(prompt))
  const subjects = Object.keys(vocabulary.subjects)
  const name = nameInText(model.title)
  if (!reading.subject) {
    const why =
      reading.unknown.length > 0 ? `does not know ${listed(reading.unknown)}` : 'finds no subject there'
    throw new PlanographError('invalid', `The ${name} ${why}, and cannot paint "${prompt.trim()}".`, {
      code: 'nothing-known',
      hint: `It draws ${subjects.join(', ')}. Try: ${nearWishes(vocabulary, reading).join(' · ')}.`,
    })
  }
  if (reading.unknown.length === 0) return []
  return [`The ${name} does not know ${listed(reading.unknown)}; it knows ${subjects.join(', ')}.`]
}

/** "Demo model (256 px)" within a sentence: "demo model". */
function nameInText(title: string): string {
  const short = title.replace(/\s*\(.*\)$/, '')
  return /^[A-Z][a-z]/.test(short) ? short.charAt(0).toLowerCase() + short.slice(1) : `model ${short}`
}

function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`)
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}` : (quoted[0] ?? '')
}
