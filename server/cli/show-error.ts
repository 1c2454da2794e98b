import { PlanographError } from '../../runtime/errors.ts'
import { problemsOf } from '../app/load-workflow.ts'
import { answer, type Io, say } from './io.ts'
import { problemLines } from './render/problem-lines.ts'
import { styleFor } from './render/style.ts'
import { printable } from './render/text-width.ts'

/** An error outside any step: for people on stderr; with `asJson` also as a document on stdout. */
export function showError(error: unknown, io: Io, asJson: boolean): void {
  const style = styleFor(io.stderr, io.env)
  const known = error instanceof PlanographError ? error : unforeseen(error)
  const problems = problemsOf(known)
  if (problems.length === 0) say(io, `${style.red('✗')} ${printable(known.message)}`)
  if (problems.length === 0 && known.hint) say(io, `  ${style.dim(printable(known.hint))}`)
  say(io, ...problemLines(problems, style))
  if (known.class === 'bug' && io.env.PLANOGRAPH_DEBUG && error instanceof Error) say(io, error.stack ?? '')
  if (!asJson) return
  const { class: kind, code, message, hint } = known
  const document = {
    run: null,
    status: 'refused',
    outputs: {},
    steps: [],
    reviews: [],
    problems,
    error: { class: kind, code, message, hint },
  }
  answer(io, JSON.stringify(document))
}

function unforeseen(error: unknown): PlanographError {
  const message = error instanceof Error ? error.message : String(error)
  return new PlanographError('bug', `An unexpected error: ${message}`, {
    hint: 'This is a defect of Planograph. Set PLANOGRAPH_DEBUG=1 to see where it happened, and please report it.',
  })
}
