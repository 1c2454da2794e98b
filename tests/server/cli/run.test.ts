import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { textsOf } from '../../../nodes/services/picture-texts.ts'
import { type Desk, greeting, newDesk, png, workflow } from './planograph.ts'

let desk: Desk
beforeEach(async () => {
  desk = await newDesk()
})

const resized = workflow(
  {
    photo: { type: 'load-image', values: { source: 'photo.png' } },
    small: { type: 'resize-image', values: { width: 4, height: 4 } },
  },
  ['photo.images > small.image'],
  { inputs: { photo: { to: 'photo.source' } }, outputs: { small: { from: 'small.image' } } },
)

describe('planograph run', () => {
  it('writes declared outputs to --out and prints only their paths on stdout', async () => {
    await desk.write('greeting.json', greeting)
    const { code, stdout, stderr } = await desk.planograph('run', 'greeting.json', '--out', 'made')
    expect(code).toBe(0)
    expect(stdout).toBe(`${join(desk.folder, 'made', 'greeting.txt')}\n`)
    expect(await readFile(stdout.trim(), 'utf8')).toBe('Hello Ada!\n')
    expect(stderr).toMatch(/✓ hello/)
  })

  it('never overwrites a file: the next free number is taken', async () => {
    await desk.write('greeting.json', greeting)
    await desk.planograph('run', 'greeting.json')
    await desk.planograph('run', 'greeting.json', '--input', 'name=Bo')
    expect(await readFile(join(desk.folder, 'out', 'greeting.txt'), 'utf8')).toBe('Hello Ada!\n')
    expect(await readFile(join(desk.folder, 'out', 'greeting-2.txt'), 'utf8')).toBe('Hello Bo!\n')
  })

  it('replaces files of the same name with --overwrite', async () => {
    await desk.write('greeting.json', greeting)
    await desk.planograph('run', 'greeting.json')
    await desk.planograph('run', 'greeting.json', '-i', 'name=Bo', '--overwrite')
    expect(await readdir(join(desk.folder, 'out'))).toEqual(['greeting.txt'])
    expect(await readFile(join(desk.folder, 'out', 'greeting.txt'), 'utf8')).toBe('Hello Bo!\n')
  })

  it.each([
    ['name=a=b', 'Hello a=b!'],
    ['name=@who.txt', 'Hello Cy!'],
    ['name=@@home', 'Hello @home!'],
  ])('reads --input %s', async (input, text) => {
    await desk.write('greeting.json', greeting)
    await desk.write('who.txt', 'Cy\n')
    const { code } = await desk.planograph('run', 'greeting.json', '--input', input)
    expect(code).toBe(0)
    expect(await readFile(join(desk.folder, 'out', 'greeting.txt'), 'utf8')).toBe(`${text}\n`)
  })

  it('sets a value in a node with --set', async () => {
    await desk.write('greeting.json', greeting)
    const result = await desk.planograph(
      'run',
      'greeting.json',
      '--set',
      'hello.template=Bye {who}.',
      '--json',
    )
    expect(result.json().outputs).toEqual({ greeting: 'Bye Ada.' })
  })

  it('prints one JSON document with --json', async () => {
    await desk.write('greeting.json', greeting)
    const document = (await desk.planograph('run', 'greeting.json', '--json')).json()
    expect(document).toMatchObject({
      run: expect.any(String),
      status: 'done',
      outputs: { greeting: 'Hello Ada!' },
      files: [join(desk.folder, 'out', 'greeting.txt')],
      reviews: [],
      problems: [],
    })
    expect(document.steps).toMatchObject([
      { node: 'name', status: 'done', cached: false, ms: expect.any(Number) },
      { node: 'hello', status: 'done', cached: false, ms: expect.any(Number) },
    ])
  })

  it('streams events as JSON lines with --ndjson, the document last', async () => {
    await desk.write('greeting.json', greeting)
    const { stdout } = await desk.planograph('run', 'greeting.json', '--ndjson')
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const committed = lines.filter(({ seq }) => seq !== undefined)
    expect(committed.map(({ seq }) => seq)).toEqual(committed.map(({ seq }) => seq).toSorted((a, b) => a - b))
    expect(committed.at(-1)).toMatchObject({ type: 'run.finished', status: 'done' })
    expect(lines.at(-1)).toMatchObject({ type: 'result', status: 'done' })
  })

  it('computes nothing again, unless asked to', async () => {
    await desk.write('greeting.json', greeting)
    const statuses = async (...options: string[]) => {
      const document = (await desk.planograph('run', 'greeting.json', '--json', ...options)).json()
      return document.steps.map(({ status }: { status: string }) => status)
    }
    expect(await statuses()).toEqual(['done', 'done'])
    expect(await statuses()).toEqual(['cached', 'cached'])
    expect(await statuses('--refresh', 'hello')).toEqual(['cached', 'done'])
    expect(await statuses('--no-cache')).toEqual(['done', 'done'])
  })

  it('runs only what a node needs with --until', async () => {
    await desk.write('greeting.json', greeting)
    const document = (await desk.planograph('run', 'greeting.json', '--until', 'name', '--json')).json()
    expect(document.steps).toMatchObject([{ node: 'name', status: 'done' }])
  })

  it('keeps a picture that the workflow names before the run starts, and puts the workflow into what it makes', async () => {
    await desk.write('photo.png', await png())
    await desk.write('resize.json', resized)
    const { code, stdout } = await desk.planograph('run', 'resize.json')
    expect(code).toBe(0)
    const carried = JSON.parse(textsOf(await readFile(stdout.trim())).planograph ?? '')
    expect(carried.nodes.photo.values.source).toMatchObject([
      { mime: 'image/png', width: 8, name: 'photo.png' },
    ])
  })

  it('runs a picture again from the workflow it carries', async () => {
    await desk.write('photo.png', await png())
    await desk.write('resize.json', resized)
    const first = await desk.planograph('run', 'resize.json')
    const again = await desk.planograph('run', first.stdout.trim(), '--json')
    expect(again.code).toBe(0)
    expect(again.json().outputs.small).toMatchObject([{ width: 4, height: 4 }])
  })

  it("takes several pictures with @'*.png', in the order people count", async () => {
    await desk.write('resize.json', resized)
    for (const name of ['p10.png', 'p2.png', 'p1.png']) await desk.write(name, await png())
    const document = (await desk.planograph('run', 'resize.json', '--input', 'photo=@*.png', '--json')).json()
    const small = document.steps.filter(({ node }: { node: string }) => node === 'small')
    expect(small.map(({ labels }: { labels: string[] }) => labels)).toEqual([
      ['p1.png'],
      ['p2.png'],
      ['p10.png'],
    ])
    expect(document.files).toHaveLength(3)
  })

  it('leaves writing to a save-image that takes the output, and names its files', async () => {
    await desk.write('photo.png', await png())
    const saved = workflow(
      {
        photo: { type: 'load-image', values: { source: 'photo.png' } },
        save: { type: 'save-image', values: { name: 'kept', folder: 'album' } },
      },
      ['photo.images > save.images'],
      { outputs: { photo: { from: 'photo.images' } } },
    )
    await desk.write('save.json', saved)
    const { stdout } = await desk.planograph('run', 'save.json')
    expect(stdout.trim()).toBe(join(desk.folder, 'out', 'album', 'kept.png'))
    expect(await readdir(join(desk.folder, 'out'))).toEqual(['album'])
  })

  it('writes the outputs of leaves when none are declared', async () => {
    await desk.write('w.json', workflow({ size: { type: 'number', values: { value: 7 } } }))
    const { stdout, code } = await desk.planograph('run', 'w.json', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).outputs).toEqual({ 'size.value': 7 })
  })

  it('shows a bar per running step on a terminal, and leaves only lasting lines', async () => {
    await desk.write('greeting.json', greeting)
    const { stderr } = await desk.typing([], 'run', 'greeting.json')
    expect(stderr).toContain('\u001b[1A\u001b[0J')
    expect(stderr).toMatch(/✓.*hello/)
  })

  it('uses no colours when NO_COLOR is set', async () => {
    desk.env.NO_COLOR = '1'
    await desk.write('greeting.json', greeting)
    const { stderr } = await desk.typing([], 'run', 'greeting.json')
    expect(stderr).not.toContain('\u001b[3')
  })

  it('paints with the demo model and says how it was made', async () => {
    const painting = workflow(
      { render: { type: 'txt2img', values: { prompt: 'a red house on a hill', steps: 1 } } },
      [],
      { outputs: { picture: { from: 'render.images' } } },
    )
    await desk.write('paint.json', painting)
    const { code, stdout } = await desk.planograph('run', 'paint.json')
    expect(code).toBe(0)
    const texts = textsOf(await readFile(stdout.trim()))
    expect(texts.parameters).toMatch(/^a red house on a hill\n.*Steps: 1,/s)
    expect(JSON.parse(texts.planograph ?? '').name).toBe('Test')
  })

  it('paints the same picture again from the picture, though its seed was random', async () => {
    const painting = workflow(
      { render: { type: 'txt2img', values: { prompt: 'a blue boat on the sea', steps: 1 } } },
      [],
      { outputs: { picture: { from: 'render.images' } } },
    )
    await desk.write('paint.json', painting)
    const first = await desk.planograph('run', 'paint.json')
    const again = await desk.planograph('run', first.stdout.trim(), '--out', 'again', '--no-cache')
    const [before, after] = await Promise.all([first, again].map(({ stdout }) => readFile(stdout.trim())))
    expect(after).toEqual(before)
  })
})
