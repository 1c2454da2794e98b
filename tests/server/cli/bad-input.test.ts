import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Desk, greeting, newDesk, png, workflow } from './planograph.ts'

let desk: Desk
beforeEach(async () => {
  desk = await newDesk()
})

/** The header of a PNG of 50,000 × 50,000 pixels, and nothing more. */
async function hugeHeader(): Promise<Uint8Array> {
  const bytes = Buffer.from(await png())
  bytes.writeUInt32BE(50_000, 16)
  bytes.writeUInt32BE(50_000, 20)
  return bytes
}

const loads = (source: string) => workflow({ photo: { type: 'load-image', values: { source } } })

const bad: [what: string, content: string | object, says: RegExp[]][] = [
  ['broken JSON', '{ "planograph": 1, }', [/not valid JSON: at line 1/, /Remove that comma/]],
  ['an unknown node type', workflow({ a: { type: 'promt' } }), [/a: .*"promt"/, /Did you mean "prompt"/]],
  ['a newer file version', { ...greeting, planograph: 99 }, [/newer Planograph/, /Update Planograph/]],
  [
    'a cycle',
    workflow(
      {
        a: { type: 'template', values: { template: '{x}' } },
        b: { type: 'template', values: { template: '{x}' } },
      },
      ['a.text > b.words.x', 'b.text > a.words.x'],
    ),
    [/in a loop: "a" → "b"/, /Remove one of the wires/],
  ],
  [
    'two edges into one field',
    workflow({ a: { type: 'prompt' }, b: { type: 'prompt' }, p: { type: 'llm-plan' } }, [
      'a.text > p.request',
      'b.text > p.request',
    ]),
    [/p\.request|"request"/],
  ],
  [
    'a wrong kind',
    workflow({ a: { type: 'prompt', values: { text: 'x' } }, r: { type: 'resize-image' } }, [
      'a.text > r.image',
    ]),
    [/r\.image/],
  ],
  ['a missing field', workflow({ r: { type: 'resize-image' } }), [/r\.image/]],
  [
    'a number out of range',
    workflow({ t: { type: 'txt2img', values: { prompt: 'a house', steps: 900 } } }),
    [/t\.steps/, /at most 150, but is 900/],
  ],
  ['a missing file', loads('nowhere.png'), [/photo\.source/, /nowhere\.png/, /Check the spelling/]],
  [
    'a blob that is gone',
    workflow({
      photo: {
        type: 'load-image',
        values: { source: { blob: 'a'.repeat(64), mime: 'image/png', bytes: 9 } },
      },
    }),
    [/photo\.source/, /not here/, /Choose the file anew/],
  ],
  ['no nodes', workflow({}), [/nothing to run/i]],
]

describe('bad input', () => {
  it.each(bad)(
    '%s is refused with exit code 2, naming the place and what to do',
    async (_what, content, says) => {
      await desk.write('bad.json', content)
      const { code, stderr, stdout } = await desk.planograph('run', 'bad.json')
      for (const said of says) expect(stderr).toMatch(said)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(existsSync(join(desk.folder, 'out'))).toBe(false)
    },
  )

  it.each(bad)('%s is found by check too', async (_what, content, says) => {
    await desk.write('bad.json', content)
    const { code, stdout } = await desk.planograph('check', 'bad.json')
    for (const said of says) expect(stdout).toMatch(said)
    expect(code).toBe(2)
  })

  it.each([
    ['undecodable', async () => new TextEncoder().encode('no picture'), /cannot be read as a picture/],
    ['cut off', async () => (await png(200, 200)).slice(0, 150), /cannot be read as a picture/],
    ['huge', hugeHeader, /too large: 50000 × 50000/],
  ])('an %s picture is refused before the run, named', async (_what, content, says) => {
    await desk.write('bad.png', await content())
    await desk.write('w.json', loads('bad.png'))
    const { code, stderr } = await desk.planograph('run', 'w.json')
    expect(stderr).toMatch(/photo\.source: bad\.png/)
    expect(stderr).toMatch(says)
    expect(code).toBe(2)
    expect(JSON.parse((await desk.planograph('runs', '--json')).stdout)).toEqual([])
  })

  it('of several pictures one broken one fails alone', async () => {
    await mkdir(join(desk.folder, 'photos'))
    await desk.write('photos/1.png', await png())
    await desk.write('photos/2.png', 'no picture')
    const both = workflow(
      {
        photo: { type: 'load-image', values: { source: 'photos' } },
        small: { type: 'resize-image', values: { width: 4, height: 4 } },
      },
      ['photo.images > small.image'],
    )
    await desk.write('w.json', both)
    const { stderr, stdout } = await desk.planograph('run', 'w.json', '--json')
    const small = JSON.parse(stdout).steps.filter(({ node }: { node: string }) => node === 'small')
    expect(small.map(({ status }: { status: string }) => status)).toEqual(['done', 'skipped'])
    expect(stderr).not.toContain('An unexpected error')
  })

  it('an unwritable --out is found before anything runs', async () => {
    await desk.write('greeting.json', greeting)
    await desk.write('taken', 'a file')
    const { code, stderr } = await desk.planograph('run', 'greeting.json', '--out', 'taken/here')
    expect(stderr).toMatch(/cannot be written to .*taken.*is a file/)
    expect(stderr).toContain('--out')
    expect(code).toBe(2)
    expect(existsSync(desk.home)).toBe(false)
  })

  it('a home that is a file is refused with what to do', async () => {
    await desk.write('greeting.json', greeting)
    await desk.write('home', 'a file')
    const { code, stderr } = await desk.planograph('run', 'greeting.json')
    expect(stderr).toMatch(/home folder .* cannot be used/)
    expect(stderr).toContain('--home')
    expect(code).toBe(1)
  })

  it('broken settings name the place', async () => {
    await mkdir(desk.home)
    await desk.write('home/settings.json', { pools: { images: 0 } })
    await desk.write('greeting.json', greeting)
    const { code, stderr } = await desk.planograph('run', 'greeting.json')
    expect(stderr).toMatch(/settings cannot be read: at pools\.images/)
    expect(code).toBe(2)
  })

  it('a missing model folder is named when its model is asked for', async () => {
    await mkdir(desk.home)
    await desk.write('home/settings.json', { models: ['sd15'] })
    await desk.write(
      'w.json',
      workflow({ t: { type: 'txt2img', values: { prompt: 'a house', model: 'sd15' } } }),
    )
    const { code, stderr } = await desk.planograph('run', 'w.json')
    expect(stderr).toMatch(/sd15/)
    expect(code).toBe(2)
  })

  it('a picture of a run that vanished from the home fails its step with the remedy, and the home stays whole', async () => {
    await desk.write('photo.png', await png())
    await desk.write('w.json', loads('photo.png'))
    expect((await desk.planograph('run', 'w.json')).code).toBe(0)
    await rm(join(desk.home, 'blobs'), { recursive: true })
    await rm(join(desk.folder, 'photo.png'))
    const { code, stderr } = await desk.planograph('run', 'w.json')
    expect(stderr).toContain('photo.png')
    expect(code).toBe(2)
    expect((await desk.planograph('runs', '--json')).json()).toHaveLength(1)
  })

  it('words the demo model knows nothing of are a failed step, exit code 2', async () => {
    await desk.write('w.json', workflow({ t: { type: 'txt2img', values: { prompt: 'a dragon' } } }))
    const { code, stderr } = await desk.planograph('run', 'w.json')
    expect(stderr).toContain("does not know 'dragon'")
    expect(code).toBe(2)
  })

  it.each([
    [['run'], /missing required argument 'source'/],
    [['run', 'nothing-like-this.json'], /no file nothing-like-this\.json, and no example/],
    [['run', 'w.json', '--nonsense'], /unknown option '--nonsense'/],
    [['run', 'w.json', '--review', 'maybe'], /Allowed choices are ask, approve, wait, reject/],
    [['run', 'w.json', '--review', 'ask'], /needs a terminal/],
    [['run', 'w.json', '--timeout', 'soon'], /"soon" is not a length of time/],
    [['run', 'w.json', '--input', 'name'], /has no value/],
    [['run', 'w.json', '--input', 'nmae=x'], /no input "nmae".*Did you mean "name"/s],
    [['run', 'w.json', '--input', 'name=@nobody.txt'], /nobody\.txt cannot be read/],
    [['run', 'w.json', '--input', 'name=@*.nothing'], /No file fits/],
    [['run', 'w.json', '--set', 'hello.tmplate=x'], /no field "tmplate"/],
    [['run', 'w.json', '--set', 'hello.words.who=x'], /a wire goes into/],
    [['run', 'w.json', '--until', 'nobody'], /no node "nobody"/],
    [['paint'], /unknown command 'paint'/],
    [['show', 'nobody'], /no run .*nobody/i],
    [['resume', 'nobody'], /no run .*nobody/i],
    [['resume', 'x', '--decision', 'approve'], /--decision needs --answer/],
    [['resume', 'x', '--answer', 'ok'], /--answer needs --decision/],
    [['resume', 'x', '--answer', 'ok', '--decision', 'edit'], /needs --value/],
    [['resume', 'x', '--answer', 'ok', '--decision', 'pick', '--items', 'two'], /not a list of positions/],
    [['nodes', 'promt'], /Did you mean "prompt"/],
    [['runs', '--limit', 'all'], /not a number of runs/],
    [['gc', '--max-size', 'big'], /"big" is not a size/],
  ])('%j is wrong usage, exit code 2', async (args, says) => {
    await desk.write('w.json', greeting)
    const { code, stderr, stdout } = await desk.planograph(...args)
    expect(stderr).toMatch(says)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it('with --json the refusal is a document too', async () => {
    await desk.write('bad.json', '{')
    const { code, stdout } = await desk.planograph('run', 'bad.json', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      run: null,
      status: 'refused',
      problems: [{ code: 'broken-json' }],
    })
  })

  it('leaves no half-written file behind', async () => {
    await desk.write('greeting.json', greeting)
    await desk.planograph('run', 'greeting.json')
    expect(await readdir(join(desk.folder, 'out'))).toEqual(['greeting.txt'])
    expect(await readdir(join(desk.home, 'tmp'))).toEqual([])
  })
})
