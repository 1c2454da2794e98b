import type { ReviewView } from '../../../runtime/api.ts'
import { printable } from '../render/text-width.ts'

/** What to type to answer the open reviews of a run that waits. `home`: as given with --home. */
export function howToAnswer(run: string, reviews: readonly ReviewView[], home?: string): string[] {
  const where = home === undefined ? '' : ` --home ${quoted(home)}`
  const each = reviews.flatMap(({ id, question, allow }) => [
    `  ${id}  ${printable(question)}`,
    `    planograph resume ${run}${where} --answer ${quoted(id)} --decision ${allow.join('|')}`,
  ])
  return [
    `Run ${run} waits for ${reviews.length === 1 ? 'a decision' : `${reviews.length} decisions`}. Nothing is held meanwhile.`,
    ...each,
    `  To see it and be asked on a terminal: planograph resume ${run}${where}`,
    '  edit takes --value @file.json, pick and revise take --items 0,2, revise takes --feedback "…".',
  ]
}

function quoted(text: string): string {
  return /^[A-Za-z0-9_./:-]+$/.test(text)
    ? text
    : process.platform === 'win32'
      ? `"${text}"`
      : `'${text.replaceAll("'", "'\\''")}'`
}
