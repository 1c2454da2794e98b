import { bare } from './read-wish.ts'
import { tidy } from './scanner.ts'

/** What a clause asks to be done to a picture that is there, or plainly says of the one wanted. */
export type Change =
  | { do: 'become'; what?: string; into: string }
  | { do: 'swap'; from: string; to: string }
  | { do: 'add'; what: string }
  | { do: 'remove'; what: string }
  | { do: 'say'; what: string }

const thing =
  /^(?:it|this|that|them|everything|(?:the |this |my )?(?:picture|image|scene|photo|painting|whole thing))$/i
const instead = (to: string, from: string): Change => ({ do: 'swap', from: bare(from), to: tidy(to) })

/** Tried in order. */
const forms: readonly [RegExp, (match: string[]) => Change][] = [
  [
    /^(?:replace|swap|exchange|substitute) (.+?) (?:with|by|for) (.+)$/i,
    ([, from = '', to = '']) => instead(to, from),
  ],
  [
    /^(?:use |paint |put |have )?(.+?) (?:instead of|rather than|in place of) (.+)$/i,
    ([, to = '', from = '']) => instead(to, from),
  ],
  [
    /^(?:instead of|rather than) (.+?)[:, ]+((?:an?|the|some) .+)$/i,
    ([, from = '', to = '']) => instead(to, from),
  ],
  [
    /^(?:remove|delete|erase|take away|take out|get rid of|drop|lose|fewer|less of) (.+)$/i,
    ([, what = '']) => ({ do: 'remove', what: bare(what) }),
  ],
  [
    /^(?:add|put|place|include|give (?:it|them)|insert|more|with) (.+)$/i,
    ([, what = '']) => ({ do: 'add', what: tidy(what) }),
  ],
  [
    /^(?:turn|change|transform|convert|repaint|redraw|restyle|make) (.+?) (?:in)?to (?:be )?(.+)$/i,
    ([, what = '', into = '']) => become(what, into),
  ],
  [
    /^(?:make|let|paint|colou?r|have|turn) (it|this|that|them|everything) (?:be |look |appear )?(?:like |as )?(.+)$/i,
    ([, what = '', into = '']) => become(what, into),
  ],
  [
    /^(?:make|let|paint|colou?r|have|turn) ((?:the|my|its) (?:[\w-]+ )*?[\w-]+) (?:be |look |appear )?([\w-]+)$/i,
    ([, what = '', into = '']) => become(what, into),
  ],
  [
    /^(?:a |the )?(bigger|larger|huge|smaller|tiny|brighter|darker) ([\w-]+)$/i,
    ([, how = '', what = '']) => become(what, plain(how)),
  ],
  [
    /^(?:the )?([\w-]+) (?:is |should be |must be )?(?:a bit |a little |much )?(bigger|larger|smaller|brighter|darker)$/i,
    ([, what = '', how = '']) => become(what, plain(how)),
  ],
  [
    /^(?:the )?([\w-]+(?: [\w-]+)?) (?:should|must|ought to) be (.+)$/i,
    ([, what = '', into = '']) => become(what, into),
  ],
]

function become(what: string, into: string): Change {
  const whole = thing.test(tidy(what))
  return { do: 'become', what: whole ? undefined : bare(what), into: tidy(into) }
}

const positives: Readonly<Record<string, string>> = {
  bigger: 'big',
  larger: 'large',
  smaller: 'small',
  brighter: 'bright',
  darker: 'dark',
}

/** "bigger" says something only beside another picture; a prompt wants "big". */
export const plain = (adjective: string) => positives[adjective.toLowerCase()] ?? adjective.toLowerCase()

/** Reads one clause. What has no known form is taken as a description. */
export function readChange(clause: string): Change {
  for (const [form, change] of forms) {
    const match = clause.match(form)
    if (match) return change([...match].map((part) => part ?? ''))
  }
  return { do: 'say', what: clause }
}

/** A change as words of a description. Something taken away leaves none. */
export function described(change: Change): string {
  switch (change.do) {
    case 'become':
      return change.what === undefined || /^(?:an?|the|some) /i.test(change.into)
        ? change.into
        : `${change.into} ${change.what}`
    case 'swap':
      return change.to
    case 'add':
      return change.what
    case 'remove':
      return ''
    case 'say':
      return change.what
  }
}
