import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import sharp from 'sharp'
import { afterEach } from 'vitest'
import { main } from '../../../server/cli/main.ts'

export interface Result {
  code: number
  stdout: string
  stderr: string
  /** stdout as the JSON document it is. */
  json(): ReturnType<typeof JSON.parse>
}

export interface Desk {
  folder: string
  home: string
  /** Runs `planograph` with these arguments, in the folder. */
  planograph(...args: string[]): Promise<Result>
  /** The same at a terminal, typing these keys, each when the text before it has appeared. */
  typing(keys: [after: string, key: string][], ...args: string[]): Promise<Result>
  write(name: string, content: string | Uint8Array | object): Promise<string>
  env: { [name: string]: string | undefined }
  signal?: AbortSignal
}

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

/** A fresh folder with a home of its own; removed after the test. */
export async function newDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'planograph-cli-'))
  folders.push(folder)
  const home = join(folder, 'home')
  const desk: Desk = {
    folder,
    home,
    env: { PATH: process.env.PATH, PLANOGRAPH_HOME: home },
    planograph: (...args) => call(desk, args),
    typing: (keys, ...args) => call(desk, args, keys),
    async write(name, content) {
      const isText = typeof content === 'string' || content instanceof Uint8Array
      await writeFile(join(folder, name), isText ? content : JSON.stringify(content))
      return join(folder, name)
    },
  }
  return desk
}

async function call(desk: Desk, args: string[], keys?: [after: string, key: string][]): Promise<Result> {
  const stdin = Object.assign(new PassThrough(), { isTTY: keys !== undefined, setRawMode: () => stdin })
  const stdout = capture(false)
  const waiting = [...(keys ?? [])]
  const stderr = capture(keys !== undefined, (text) => {
    const [next] = waiting
    if (!next || !text.includes(next[0])) return undefined
    waiting.shift()
    setTimeout(() => stdin.write(next[1]), 20)
    return text.length
  })
  const signal = desk.signal ?? new AbortController().signal
  const io = { stdin, stdout: stdout.stream, stderr: stderr.stream, env: desk.env, cwd: desk.folder, signal }
  const code = await main(args, io)
  return {
    code,
    stdout: stdout.text(),
    stderr: stderr.text(),
    json: () => JSON.parse(stdout.text()),
  }
}

/** `seen` gets what was written since it last answered a length. */
function capture(isTTY: boolean, seen: (text: string) => number | undefined = () => undefined) {
  let text = ''
  let from = 0
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      from += seen(text.slice(from)) ?? 0
      done()
    },
  })
  return { stream: Object.assign(stream, { isTTY, columns: 100 }), text: () => text }
}

/** A picture file of one colour. */
export async function png(width = 8, height = 6, background = '#c33'): Promise<Uint8Array> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
}

type Nodes = { [id: string]: { type: string; values?: object; [more: string]: unknown } }

/** A workflow from nodes and edges such as `idea.text > plan.request`. */
export function workflow(nodes: Nodes, edges: string[] = [], rest: object = {}) {
  const wires = edges.map((edge) => {
    const [from, to] = edge.split(' > ')
    return { from, to }
  })
  return { planograph: 1, id: 'test', name: 'Test', nodes, edges: wires, ...rest }
}

/** Two texts, one of them declared as input and the other as output. */
export const greeting = workflow(
  {
    name: { type: 'prompt', values: { text: 'Ada' } },
    hello: { type: 'template', values: { template: 'Hello {who}!' } },
  },
  ['name.text > hello.words.who'],
  { inputs: { name: { to: 'name.text' } }, outputs: { greeting: { from: 'hello.text' } } },
)

/** A wish that is planned and reviewed; nothing is painted. */
export const planned = workflow(
  {
    idea: { type: 'prompt', values: { text: 'a red house on a hill' } },
    plan: { type: 'llm-plan' },
    ok: { type: 'review', values: { ask: 'Happy with this plan?' } },
    parts: { type: 'plan-values' },
  },
  ['idea.text > plan.request', 'plan.plan > ok.value', 'ok.value > parts.plan'],
  { outputs: { prompt: { from: 'parts.prompt' }, steps: { from: 'parts.steps' } } },
)
