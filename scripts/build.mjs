/** Bundles the program into dist/: the command line, the embedded engine's child process, and the file format's schema. */
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { writeNodeList } from './node-list.mjs'
import { root } from './root.mjs'

/** Native or large: loaded from node_modules, and only when a run needs them. */
const lazy = ['sharp', 'libsql', 'onnxruntime-node', '@huggingface/tokenizers']

const entries = {
  cli: 'server/cli/index.ts',
  'onnx-child': 'nodes/services/images/embedded/onnx-child.ts',
}

const isLazy = (id) => lazy.some((name) => id === name || id.startsWith(`${name}/`))

async function bundle(input, output) {
  const build = await rolldown({ input, cwd: root, platform: 'node', external: isLazy, logLevel: 'warn' })
  try {
    return await build.write({ format: 'esm', ...output })
  } finally {
    await build.close()
  }
}

/** Everything that is loaded before the first command runs. */
function loadedAtStart(output, entry) {
  const chunks = new Map(
    output.filter((part) => part.type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  )
  const seen = new Set()
  const visit = (name) => {
    if (seen.has(name)) return
    seen.add(name)
    for (const next of chunks.get(name)?.imports ?? []) visit(next)
  }
  visit(entry)
  return [...seen]
}

function refuseHeavyStart(output) {
  const heavy = loadedAtStart(output, 'cli.js').filter(isLazy)
  if (heavy.length === 0) return
  throw new Error(
    `The command line would load ${heavy.join(', ')} at every start. Import it where it is used: await import().`,
  )
}

async function writeSchema(dist) {
  const folder = mkdtempSync(join(dist, 'schema-'))
  try {
    await bundle({ schema: 'runtime/workflow/json-schema.ts' }, { dir: folder })
    const { workflowSchema } = await import(pathToFileURL(join(folder, 'schema.js')).href)
    writeFileSync(join(dist, 'workflow.schema.json'), `${JSON.stringify(workflowSchema(), null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Lets `planograph doctor` tell whether the installed model is the one that was shipped. */
function writeModelList(dist) {
  const folder = join(root, 'models', 'planograph-demo')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const hashes = files.map((file) => {
    const path = join(file.parentPath, file.name)
    const name = relative(folder, path).replaceAll('\\', '/')
    return [name, createHash('sha256').update(readFileSync(path)).digest('hex')]
  })
  writeFileSync(
    join(dist, 'demo-model.json'),
    `${JSON.stringify(Object.fromEntries(hashes.sort()), null, 2)}\n`,
  )
}

export async function build() {
  const dist = join(root, 'dist')
  writeNodeList()
  rmSync(dist, { recursive: true, force: true })
  mkdirSync(dist)
  const { output } = await bundle(entries, { dir: dist, chunkFileNames: '[name]-[hash].js' })
  refuseHeavyStart(output)
  await writeSchema(dist)
  writeModelList(dist)
  chmodSync(join(dist, 'cli.js'), 0o755)
  writeFileSync(join(dist, '.built'), '')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await build()
