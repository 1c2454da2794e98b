import type { Problem } from '../../../runtime/problem.ts'
import type { Style } from './style.ts'
import { printable } from './text-width.ts'

/** Every problem with its place, its reason and what to do, errors first. */
export function problemLines(problems: readonly Problem[], style: Style): string[] {
  const ordered = [...problems].sort(
    (a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'),
  )
  return ordered.flatMap((problem) => {
    const mark = problem.severity === 'error' ? style.red('✗') : style.yellow('!')
    const hint = problem.hint ? [`  ${style.dim(printable(problem.hint))}`] : []
    return [`${mark} ${style.bold(placeOf(problem))}${printable(problem.message)}`, ...hint]
  })
}

function placeOf({ node, field, place }: Problem): string {
  const at = node === undefined ? place : field === undefined ? node : `${node}.${field}`
  return at ? `${printable(at)}: ` : ''
}
