import { PlanographError } from '../../../runtime/errors.ts'
import type { ReviewMode } from '../commands/options.ts'
import { type Io, isInteractive } from '../io.ts'

/** How reviews are answered: as asked for, else by asking on a terminal and by waiting elsewhere. */
export function reviewMode(asked: ReviewMode | undefined, io: Io): ReviewMode {
  if (asked !== 'ask') return asked ?? (isInteractive(io) ? 'ask' : 'wait')
  if (isInteractive(io)) return 'ask'
  throw new PlanographError('invalid', '--review ask needs a terminal to ask on.', {
    code: 'no-terminal',
    hint: 'Use --review wait and answer with `planograph resume`, or --review approve.',
  })
}
