/** Types, lint and format, layers and cycles, dead code: runs all of them, then says what failed. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeNodeList } from './node-list.mjs'
import { root } from './root.mjs'

const tool = (path, ...args) => [join(root, 'node_modules', path), ...args]

const rooms = ['runtime', 'document', 'nodes', 'server', 'editor', 'tests'].filter((room) =>
  existsSync(join(root, room)),
)

const checks = {
  types: tool('typescript/bin/tsc', '-p', '.'),
  'lint and format': tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings'),
  'layers and cycles': tool(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    ...rooms,
  ),
  'dead code': tool('knip/bin/knip.js'),
}

function run([script, ...args]) {
  return new Promise((resolve) => {
    let text = ''
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
    child.on('close', (code) => resolve({ ok: code === 0, text }))
  })
}

writeNodeList()
const failed = []
for (const [name, command] of Object.entries(checks)) {
  const { ok, text } = await run(command)
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`)
  if (ok) continue
  failed.push(name)
  console.log(text.trimEnd())
}
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}.`)
  process.exit(1)
}
