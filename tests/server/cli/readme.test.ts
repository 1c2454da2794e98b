import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '../../../server/app/package.ts'
import { newDesk } from './planograph.ts'

/** Lines of the README's shell blocks that call planograph. */
function commands(): string[] {
  const text = readFileSync(join(packageRoot(), 'README.md'), 'utf8')
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
  return blocks.flatMap((block) => block.split('\n').filter((line) => /^(npx )?planograph /.test(line)))
}

/** Words as a shell splits them, without the comment. */
function words(line: string): string[] {
  const [command = ''] = line.split(/\s+# /)
  const found = command.match(/(?:[^\s"]+|"[^"]*")+/g) ?? []
  return found
    .map((word) => word.replaceAll('"', ''))
    .filter((word) => word !== 'npx' && word !== 'planograph')
}

it('every planograph command of the README works, in the order they stand there', {
  timeout: 240_000,
}, async () => {
  const desk = await newDesk()
  expect(commands().length).toBeGreaterThan(10)
  for (const line of commands()) {
    const [latest] = line.includes('<run>') ? (await desk.planograph('runs', '--json')).json() : []
    const args = words(line).map((word) => (word === '<run>' ? latest.id : word))
    const expected = Number(/# exit code (\d+)/.exec(line)?.[1] ?? 0)
    const { code, stderr } = await desk.planograph(...args)
    expect({ line, code, stderr }).toEqual({ line, code: expected, stderr })
  }
})
