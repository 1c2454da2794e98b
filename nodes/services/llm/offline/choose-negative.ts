import { list, quoted } from '../../../../runtime/wording.ts'
import { readPrompt } from '../../../kinds/vocabulary.ts'
import type { Choosing } from './choose-parameters.ts'
import { unique } from './description.ts'

const flaws = ['blurry', 'low quality', 'watermark', 'text']
const people =
  /\b(?:person|people|man|woman|men|women|boy|girl|child|children|face|portrait|sailor|hands?)\b/i

/** What is not to be seen. `cfg` is the plan's: without guidance a negative prompt has no effect. */
export function chooseNegative({ draft, facts, wish, model }: Choosing, removed: readonly string[] = []) {
  const avoid = [...new Set([...wish.avoid, ...removed])]
  const cfg = draft.plan.cfg ?? model.family.cfg
  if (!facts.negative || cfg <= 1) return withoutNegative(draft, facts, avoid, cfg)
  if (model.vocabulary) return demoNegative({ draft, facts, wish, model }, avoid)
  const style = wish.styles.flatMap(({ negative }) => negative.split(', '))
  const body = people.test(wish.scene.join(' ')) ? ['bad anatomy', 'extra fingers'] : []
  const usual = flaws.filter(
    (flaw) => flaw !== 'text' || !/\b(?:text|letters|sign|logo)\b/i.test(wish.scene.join(' ')),
  )
  const said = avoid.length > 0 ? `You do not want ${list(avoid, 'or')}. ` : ''
  const parts = unique([...avoid, ...style, ...body, ...usual])
  draft.set(
    'negative',
    parts.join(', '),
    `${said}The rest steers away from common flaws${style.length > 0 ? ' and from other styles' : ''}.`,
  )
}

function withoutNegative(
  draft: Choosing['draft'],
  facts: Choosing['facts'],
  avoid: readonly string[],
  cfg: number,
) {
  const why = facts.negative
    ? `At CFG ${cfg} a negative prompt has no effect`
    : `${facts.backend.title} takes no negative prompt`
  draft.set('negative', facts.negative ? '' : null, `${why}, so it stays empty.`)
  if (avoid.length > 0) draft.warn(`${why}: "no ${list(avoid, 'or')}" cannot be promised.`)
}

function demoNegative({ draft, model }: Choosing, avoid: readonly string[]) {
  const read = (word: string) => (model.vocabulary ? readPrompt(model.vocabulary, word) : undefined)
  const known = avoid.filter((word) => read(word)?.unknown.length === 0)
  const unknown = avoid.filter((word) => !known.includes(word))
  const empty =
    'The demo model was never shown words for flaws such as "blurry", so there is nothing to steer away from.'
  draft.set('negative', known.join(', '), known.length > 0 ? `You do not want ${list(known, 'or')}.` : empty)
  if (unknown.length > 0)
    draft.warn(
      `The demo model does not know ${quoted(unknown, 'or')}, and so does not paint it on purpose either.`,
    )
}
