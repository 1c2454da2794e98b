import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Measure {
  name: string
  value: number
  unit: string
  goal?: number
}

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

const workflow = {
  planograph: 1,
  name: 'Start-up',
  nodes: { words: { type: 'prompt', values: { text: 'a red house' } } },
  outputs: { words: { from: 'words.text' } },
}

/** How long a person waits for the command line, each time in a fresh process. Build first. */
export async function bench(): Promise<Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'planograph-bench-'))
  try {
    const file = join(folder, 'workflow.json')
    await writeFile(file, JSON.stringify(workflow))
    const home = join(folder, 'home')
    const run = [program, 'run', file, '--ndjson', '--no-cache', '--home', home, '--out', join(folder, 'out')]
    await until(run)
    return [
      { name: 'node, doing nothing', value: await best(['-e', '0']), unit: 's' },
      { name: 'planograph check', value: await best([program, 'check', file]), unit: 's', goal: 0.4 },
      {
        name: 'planograph run, until the first step starts',
        value: await best(run, '"step.'),
        unit: 's',
        goal: 0.6,
      },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function best(args: string[], text?: string): Promise<number> {
  const times: number[] = []
  for (let time = 0; time < 5; time += 1) times.push(await until(args, text))
  return Math.min(...times)
}

/** Seconds until the process prints the text; without one, until it ends. */
function until(args: string[], text?: string): Promise<number> {
  const begun = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const seconds = () => (performance.now() - begun) / 1000
  return new Promise((resolve) => {
    let seen: number | undefined
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (text !== undefined && output.includes(text)) seen ??= seconds()
    })
    child.on('close', () => resolve(seen ?? seconds()))
  })
}
