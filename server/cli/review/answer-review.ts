import type { ReviewView } from '../../../runtime/api.ts'
import type { DecisionInput } from '../../../runtime/review.ts'
import type { App } from '../../app/open-app.ts'
import type { ReviewMode } from '../commands/options.ts'
import type { Io } from '../io.ts'
import { type Answer, askReview } from './ask-review.ts'
import { showReview } from './show-review.ts'

/** Answers an open review as `--review` says; `later` when it is to wait. */
export async function answerReview(
  review: ReviewView,
  { app, io, mode }: { app: App; io: Io; mode: ReviewMode },
): Promise<Answer> {
  switch (mode) {
    case 'ask':
      await showReview(review, app.blobs, io)
      return await askReview(review, app.catalog, io)
    case 'approve':
      return approval(review)
    case 'reject':
      return { kind: 'reject' }
    case 'wait':
      return 'later'
  }
}

/** Approves; where only picking is allowed, takes all. */
function approval({ allow, value }: ReviewView): DecisionInput {
  if (allow.includes('approve') || !allow.includes('pick') || !Array.isArray(value))
    return { kind: 'approve' }
  return { kind: 'pick', items: value.map((_, at) => at) }
}
