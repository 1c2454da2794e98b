import { beforeEach, describe, expect, it } from 'vitest'
import { type Desk, newDesk, planned } from './planograph.ts'

let desk: Desk
beforeEach(async () => {
  desk = await newDesk()
  await desk.write('plan.json', planned)
})

/** Runs until the review waits; answers the run's id. */
async function parkedAtReview(): Promise<string> {
  const { code, stdout } = await desk.planograph('run', 'plan.json', '--json')
  expect(code).toBe(3)
  return JSON.parse(stdout).run
}

describe('reviews without a terminal', () => {
  it('wait by default: exit code 3, and how to answer', async () => {
    const { code, stderr } = await desk.planograph('run', 'plan.json')
    expect(code).toBe(3)
    expect(stderr).toMatch(/planograph resume \S+ --answer ok\/review --decision approve\|edit/)
  })

  it('--review approve takes the plan and goes on', async () => {
    const { code, stdout } = await desk.planograph('run', 'plan.json', '--review', 'approve', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).outputs.prompt).toContain('red house')
  })

  it('--review reject ends the run as rejected, exit code 1', async () => {
    const { code, stdout } = await desk.planograph('run', 'plan.json', '--review', 'reject', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'rejected', outputs: {} })
  })

  it('are answered with resume in another process, and what was finished is not done again', async () => {
    const run = await parkedAtReview()
    const answered = await desk.planograph('resume', run, '--answer', 'ok', '--decision', 'approve', '--json')
    expect(answered.code).toBe(0)
    const document = answered.json()
    expect(document.run).toBe(run)
    expect(document.steps.find(({ node }: { node: string }) => node === 'plan')).toMatchObject({
      attempt: 1,
      round: 1,
    })
    expect(document.reviews).toMatchObject([{ id: 'ok/review', decision: { kind: 'approve', by: 'owner' } }])
  })

  it('an edit replaces the value, from a file or typed, and says who decided', async () => {
    const run = await parkedAtReview()
    await desk.write('plan2.json', { prompt: 'a blue boat', steps: 7 })
    const options = ['--decision', 'edit', '--value', '@plan2.json', '--by', 'Ada', '--comment', 'bluer']
    const document = (
      await desk.planograph('resume', run, '--answer', 'ok/review', ...options, '--json')
    ).json()
    expect(document.outputs).toEqual({ prompt: 'a blue boat', steps: 7 })
    expect(document.reviews[0].decision).toMatchObject({ kind: 'edit', by: 'Ada', comment: 'bluer' })
  })

  it('an edit that is no plan is refused, and the review stays open', async () => {
    const run = await parkedAtReview()
    const wrong = ['--decision', 'edit', '--value', '{"prompt": "x", "steps": 9000}']
    const { code, stderr } = await desk.planograph('resume', run, '--answer', 'ok', ...wrong)
    expect(code).toBe(2)
    expect(stderr).toMatch(/steps/)
    const again = await desk.planograph('resume', run, '--answer', 'ok', '--decision', 'approve')
    expect(again.code).toBe(0)
  })

  it('feedback makes a new round, which waits again', async () => {
    const run = await parkedAtReview()
    const feedback = ['--decision', 'revise', '--feedback', 'make it night']
    const { code, stdout } = await desk.planograph('resume', run, '--answer', 'ok', ...feedback, '--json')
    expect(code).toBe(3)
    const document = JSON.parse(stdout)
    expect(document.steps.find(({ node }: { node: string }) => node === 'plan')).toMatchObject({ round: 2 })
    expect(document.reviews.at(-1)).toMatchObject({ id: 'ok#2/review' })
  })

  it('the same decision twice is the same answer, another one is a conflict', async () => {
    const run = await parkedAtReview()
    const decide = (decision: string) =>
      desk.planograph('resume', run, '--answer', 'ok/review', '--decision', decision)
    expect((await decide('approve')).code).toBe(0)
    expect((await decide('approve')).code).toBe(0)
    const { code, stderr } = await decide('reject')
    expect(code).toBe(2)
    expect(stderr).toMatch(/approve/)
  })

  it('a review that does not exist is refused with those that are open', async () => {
    const run = await parkedAtReview()
    const { code, stderr } = await desk.planograph('resume', run, '--answer', 'nope', '--decision', 'approve')
    expect(code).toBe(2)
    expect(stderr).toContain('Open are: ok/review.')
  })

  it('a new run takes over the plan and the decision of the run before, unless told to plan anew', async () => {
    const run = await parkedAtReview()
    await desk.planograph('resume', run, '--answer', 'ok', '--decision', 'approve')
    const taken = await desk.planograph('run', 'plan.json', '--json')
    expect(taken.code).toBe(0)
    expect(taken.json().reviews[0].from).toEqual({ run })
    expect((await desk.planograph('run', 'plan.json', '--plan-anew')).code).toBe(3)
  })
})

const down = '\u001b[B'
const enter = '\r'
const question = 'Your decision'

describe('reviews on a terminal', () => {
  it('show the plan with a reason for each parameter, who planned, and ask', async () => {
    const { code, stderr } = await desk.typing([[question, enter]], 'run', 'plan.json')
    expect(code).toBe(0)
    expect(stderr).toMatch(/Happy with this plan\?/)
    expect(stderr).toMatch(/Sampler .*DDIM/)
    expect(stderr).toMatch(/Planned by rules, no LLM connected/)
    expect(stderr).toMatch(/ok\/review.*approve/)
  })

  it('edit opens the editor on the plan as JSON', async () => {
    const script = await desk.write(
      'editor.mjs',
      `import { readFileSync, writeFileSync } from 'node:fs'
       const file = process.argv[2]
       const plan = JSON.parse(readFileSync(file, 'utf8'))
       writeFileSync(file, JSON.stringify({ ...plan, steps: 11 }))`,
    )
    desk.env.EDITOR = `"${process.execPath}" "${script}"`
    const { code, stdout } = await desk.typing([[question, down + enter]], 'run', 'plan.json', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).outputs.steps).toBe(11)
  })

  it('a broken edit is explained and opened again', async () => {
    const script = await desk.write(
      'editor.mjs',
      `import { readFileSync, writeFileSync } from 'node:fs'
       const file = process.argv[2]
       const text = readFileSync(file, 'utf8')
       writeFileSync(file, text.startsWith('{') ? 'oops' : '{"prompt": "mended"}')`,
    )
    desk.env.EDITOR = `"${process.execPath}" "${script}"`
    const keys: [string, string][] = [
      [question, down + enter],
      ['Open it again?', enter],
    ]
    const { code, stdout, stderr } = await desk.typing(keys, 'run', 'plan.json', '--json')
    expect(stderr).toMatch(/not JSON/)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).outputs.prompt).toBe('mended')
  })

  it('an editor that does not exist is named, and another decision can be taken', async () => {
    desk.env.EDITOR = 'no-such-editor-here'
    const keys: [string, string][] = [
      [question, down + enter],
      ['Open it again?', `n${enter}`],
      [question, enter],
    ]
    const { code, stderr } = await desk.typing(keys, 'run', 'plan.json')
    expect(stderr).toMatch(/no-such-editor-here/)
    expect(code).toBe(0)
  })

  it('feedback sends the plan back, and the new one is asked about', async () => {
    const keys: [string, string][] = [
      [question, down + down + enter],
      ['What should be different?', `at night${enter}`],
      [question, enter],
    ]
    const { code, stdout } = await desk.typing(keys, 'run', 'plan.json', '--json')
    expect(code).toBe(0)
    expect(
      JSON.parse(stdout).reviews.map(({ decision }: { decision: { kind: string } }) => decision.kind),
    ).toEqual(['revise', 'approve'])
  })

  it('Later leaves the run waiting: exit code 3', async () => {
    const { code, stderr } = await desk.typing([[question, down.repeat(4) + enter]], 'run', 'plan.json')
    expect(code).toBe(3)
    expect(stderr).toMatch(/waits for a decision/)
  })

  it('Ctrl-C at the question cancels the run: exit code 130', async () => {
    const { code, stderr } = await desk.typing([[question, '\u0003']], 'run', 'plan.json')
    expect(code).toBe(130)
    expect(stderr).toMatch(/Cancelled/)
  })
})

describe('reviews of pictures', () => {
  const pictures = {
    ...planned,
    nodes: {
      render: { type: 'txt2img', values: { prompt: 'a red house', steps: 1, count: 2 } },
      ok: { type: 'review', values: { ask: 'Which ones?' } },
    },
    edges: [{ from: 'render.images', to: 'ok.value' }],
    outputs: { chosen: { from: 'ok.value' } },
  }

  it('show file paths, and a picked one goes on alone', async () => {
    await desk.write('pictures.json', pictures)
    const waiting = await desk.planograph('run', 'pictures.json', '--json')
    const { run, reviews } = waiting.json()
    expect(reviews[0]).toMatchObject({ kind: 'image', list: true })
    const picked = ['--answer', 'ok', '--decision', 'pick', '--items', '1']
    const document = (await desk.planograph('resume', run, ...picked, '--json')).json()
    expect(document.outputs.chosen).toMatchObject([{ blob: reviews[0].value[1].blob }])
    expect(document.files).toHaveLength(1)
  })

  it('are drawn on a terminal that can', async () => {
    desk.env.TERM_PROGRAM = 'iTerm.app'
    await desk.write('pictures.json', pictures)
    const { code, stderr } = await desk.typing([[question, enter]], 'run', 'pictures.json')
    expect(code).toBe(0)
    expect(stderr).toMatch(/\[0\] \S+0\.png {2}256 × 256/)
    expect(stderr).toContain('\u001b]1337;File=inline=1')
  })
})
