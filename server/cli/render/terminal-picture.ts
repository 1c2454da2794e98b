import type { Env } from '../../app/env.ts'

type Protocol = 'iterm' | 'kitty'

/** The inline picture protocol of the terminal, by what it says about itself; a multiplexer in between swallows both. */
export function pictureProtocol(env: Env): Protocol | undefined {
  if (env.TMUX || env.STY) return undefined
  if (env.KITTY_WINDOW_ID || env.TERM === 'xterm-kitty' || env.TERM_PROGRAM === 'ghostty') return 'kitty'
  const programs = [env.TERM_PROGRAM, env.LC_TERMINAL]
  return programs.some((program) => program === 'iTerm.app' || program === 'iTerm2' || program === 'WezTerm')
    ? 'iterm'
    : undefined
}

const kittyChunk = 4096
const rows = 12

/**
 * The codes that draw an encoded picture, 12 rows high; undefined when the terminal cannot. kitty takes PNG only.
 * Sources: iterm2.com/documentation-images.html, sw.kovidgoyal.net/kitty/graphics-protocol.
 */
export function drawPicture(bytes: Uint8Array, mime: string, env: Env): string | undefined {
  const protocol = pictureProtocol(env)
  const data = Buffer.from(bytes).toString('base64')
  if (protocol === 'iterm')
    return `\u001b]1337;File=inline=1;size=${bytes.length};height=${rows};preserveAspectRatio=1:${data}\u0007\n`
  if (protocol !== 'kitty' || mime !== 'image/png') return undefined
  const chunks = data.match(new RegExp(`.{1,${kittyChunk}}`, 'g')) ?? []
  const sent = chunks.map((chunk, at) => {
    const more = at < chunks.length - 1 ? 1 : 0
    return `\u001b_G${at === 0 ? `a=T,f=100,r=${rows},` : ''}m=${more};${chunk}\u001b\\`
  })
  return `${sent.join('')}\n`
}
