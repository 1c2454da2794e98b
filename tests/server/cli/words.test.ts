import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationText, parseDuration } from '../../../server/cli/duration.ts'
import { drawPicture, pictureProtocol } from '../../../server/cli/render/terminal-picture.ts'
import { clip, printable, textWidth, wrap } from '../../../server/cli/render/text-width.ts'
import { valueText } from '../../../server/cli/render/value-text.ts'
import { parseSize, sizeText } from '../../../server/cli/size-text.ts'

describe('lengths of time', () => {
  it.each([
    ['90', 90_000],
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5h', 5_400_000],
    ['30d', 2_592_000_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', 'soon', '-5s', '5 weeks', '0s'])('"%s" is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(/not a length of time/)
  })

  it.each([
    [12, '12 ms'],
    [1_240, '1.2 s'],
    [42_000, '42 s'],
    [200_000, '3 min 20 s'],
    [7_260_000, '2 h 1 min'],
  ])('%d ms reads %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })
})

describe('sizes', () => {
  it.each([
    ['12', 12, '12 B'],
    ['500MB', 500_000_000, '500 MB'],
    ['1.5 gb', 1_500_000_000, '1.5 GB'],
  ])('%s is %d bytes and reads %s', (text, bytes, shown) => {
    expect(parseSize(text)).toBe(bytes)
    expect(sizeText(bytes)).toBe(shown)
  })
})

describe('text on a terminal', () => {
  it('is measured in columns: wide letters take two, colours none', () => {
    expect(textWidth('日本 é')).toBe(6)
    expect(textWidth('\u001b[31mred\u001b[39m')).toBe(3)
  })

  it('is clipped and wrapped to the columns there are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 40 }), (text, columns) => {
        fc.pre(textWidth(text) === textWidth(printable(text)))
        expect(textWidth(clip(text, columns))).toBeLessThanOrEqual(columns)
        expect(wrap(text, columns).join(' ').replaceAll('\n', ' ')).toBe(text.replaceAll('\n', ' '))
      }),
    )
  })

  it('cannot move the cursor or hide what it says', () => {
    expect(printable('a\u001b[2Jb\u202ec\n\td')).toBe('a\\u001b[2Jb\\u202ec\n\td')
  })
})

describe('pictures on a terminal', () => {
  const bytes = new Uint8Array(5000)

  it.each([
    [{ TERM_PROGRAM: 'iTerm.app' }, 'iterm'],
    [{ TERM_PROGRAM: 'WezTerm' }, 'iterm'],
    [{ KITTY_WINDOW_ID: '1' }, 'kitty'],
    [{ TERM: 'xterm-kitty', TMUX: '/tmp/x' }, undefined],
    [{ TERM: 'xterm-256color' }, undefined],
  ])('%j speaks %s', (env, protocol) => {
    expect(pictureProtocol(env)).toBe(protocol)
  })

  it('are sent to kitty in pieces of 4096 letters, all but the last announcing more', () => {
    const sent = drawPicture(bytes, 'image/png', { TERM: 'xterm-kitty' }) ?? ''
    expect(sent.match(/m=1;/g)).toHaveLength(1)
    expect(sent.match(/m=0;/g)).toHaveLength(1)
    const pieces = sent
      .trim()
      .split('\u001b\\')
      .map((piece) => piece.split(';')[1] ?? '')
    expect(pieces.every((piece) => piece.length <= 4096)).toBe(true)
    const data = pieces.join('')
    expect(Buffer.from(data, 'base64').equals(bytes)).toBe(true)
  })

  it('of other formats are not sent to kitty', () => {
    expect(drawPicture(bytes, 'image/webp', { TERM: 'xterm-kitty' })).toBeUndefined()
  })
})

describe('a value in one line', () => {
  it.each([
    [undefined, '–'],
    ['a\n  b', 'a b'],
    [{ a: 1 }, '{"a":1}'],
    [
      { blob: 'c'.repeat(64), mime: 'image/png', bytes: 2048, width: 8, height: 6 },
      'image/png, 8 × 6, 2.0 KB, cccccccccccc…',
    ],
  ])('%j reads %s', (value, text) => {
    expect(valueText(value)).toBe(text)
  })
})
