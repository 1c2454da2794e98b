import { Readable, Writable } from 'node:stream'
import type { MultiSelectOptions, Option } from '@clack/prompts'
import type { ReviewView } from '../../../runtime/api.ts'
import type { Catalog } from '../../../runtime/catalog.ts'
import { PlanographError } from '../../../runtime/errors.ts'
import type { DecisionInput, DecisionKind } from '../../../runtime/review.ts'
import type { Json } from '../../../runtime/values.ts'
import { type Io, say } from '../io.ts'
import { styleFor } from '../render/style.ts'
import { editInEditor } from './edit-in-editor.ts'
import { editableText, readEdited } from './edited-value.ts'

/** `later`: leave it waiting. */
export type Answer = DecisionInput | 'later'

/** Thrown when Ctrl-C is pressed at a question. */
export class Interrupted extends Error {}

type Choice = DecisionKind | 'later'

const labels: { readonly [choice in Choice]: { label: string; hint?: string } } = {
  approve: { label: 'Approve', hint: 'go on with it as it is' },
  edit: { label: 'Edit', hint: 'change it in your editor, then go on' },
  pick: { label: 'Pick', hint: 'go on with some of them' },
  revise: { label: 'Send back', hint: 'say what should be different' },
  reject: { label: 'Reject', hint: 'stop here' },
  later: { label: 'Later', hint: 'leave it waiting; answer it another time' },
}

/** Asks the person at the terminal for a decision, until there is one. */
export async function askReview(review: ReviewView, catalog: Catalog, io: Io): Promise<Answer> {
  for (;;) {
    const choice = await askChoice(review, io)
    const answer = await completed(choice, review, catalog, io)
    if (answer !== 'back') return answer
  }
}

async function completed(
  choice: Choice,
  review: ReviewView,
  catalog: Catalog,
  io: Io,
): Promise<Answer | 'back'> {
  switch (choice) {
    case 'approve':
    case 'reject':
      return { kind: choice }
    case 'later':
      return 'later'
    case 'edit':
      return await askEdit(review, catalog, io)
    case 'pick':
      return { kind: 'pick', items: await askItems('Which ones?', review, io, true) }
    case 'revise':
      return await askRevision(review, io)
  }
}

async function askChoice({ allow }: ReviewView, io: Io): Promise<Choice> {
  const { select } = await import('@clack/prompts')
  const choices: Choice[] = [...allow, 'later']
  const options = choices.map((value): Option<Choice> => ({ value, ...labels[value] }))
  return answered(await select<Choice>({ message: 'Your decision', options, ...streams(io) }))
}

async function askRevision(review: ReviewView, io: Io): Promise<DecisionInput> {
  const { text } = await import('@clack/prompts')
  const feedback = await text({
    message: 'What should be different?',
    placeholder: 'Enter for: do it again',
    ...streams(io),
  })
  const count = listOf(review).length
  const items = count > 1 ? await askItems('Which ones again? None means all.', review, io, false) : []
  return { kind: 'revise', feedback: answered(feedback) ?? '', items: items.length > 0 ? items : undefined }
}

async function askItems(message: string, review: ReviewView, io: Io, required: boolean): Promise<number[]> {
  const { multiselect } = await import('@clack/prompts')
  const options = listOf(review).map((_, at): Option<number> => ({ value: at, label: `[${at}]` }))
  const asked: MultiSelectOptions<number> = { message, options, required, ...streams(io) }
  return answered(await multiselect<number>(asked))
}

/** Opens the value in the editor; after an error the same text is opened again, if the person wants. */
async function askEdit(review: ReviewView, catalog: Catalog, io: Io): Promise<DecisionInput | 'back'> {
  const { confirm } = await import('@clack/prompts')
  const style = styleFor(io.stderr, io.env)
  const { file, text: before } = editableText(review)
  let text = before
  for (;;) {
    try {
      text = await editInEditor(text, file, io.env)
      const edited = readEdited(text, file, review, catalog)
      if (edited.ok) return text === before ? { kind: 'approve' } : { kind: 'edit', value: edited.value }
      say(io, `${style.red('✗')} ${edited.reason}`)
    } catch (error) {
      if (!(error instanceof PlanographError)) throw error
      say(io, `${style.red('✗')} ${error.message}`, `  ${error.hint ?? ''}`)
    }
    if (!answered(await confirm({ message: 'Open it again?', ...streams(io) }))) return 'back'
  }
}

function listOf({ list, value }: ReviewView): Json[] {
  return list && Array.isArray(value) ? value : [value]
}

/** The same streams for every question. */
function streams({ stdin, stderr, signal }: Io): { input: Readable; output: Writable; signal: AbortSignal } {
  if (!(stdin instanceof Readable) || !(stderr instanceof Writable))
    throw new TypeError('a terminal is needed')
  return { input: stdin, output: stderr, signal }
}

/** Prompts answer a symbol when they are interrupted. */
function answered<T>(value: T): Exclude<T, symbol> {
  if (!isAnswer(value)) throw new Interrupted('interrupted at a question')
  return value
}

const isAnswer = <T>(value: T): value is Exclude<T, symbol> => typeof value !== 'symbol'
