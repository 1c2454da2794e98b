/** Writes nodes/index.generated.ts: every node type found in nodes/<category>/, under its file's name. */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './root.mjs'

const notCategories = new Set(['kinds', 'services'])

/** [category, file name without ending] of every node type, sorted. */
function findNodes() {
  const folders = readdirSync(join(root, 'nodes'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notCategories.has(entry.name))
    .map((entry) => entry.name)
    .sort()
  return folders.flatMap((category) =>
    readdirSync(join(root, 'nodes', category))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => [category, file.slice(0, -3)])
      .sort(),
  )
}

const variable = (file) => file.replace(/-(.)/g, (_, letter) => letter.toUpperCase())

function listText(nodes) {
  const imports = nodes.map(
    ([category, file]) => `import ${variable(file)}Node from './${category}/${file}.ts'`,
  )
  const entries = nodes.map(
    ([category, file]) =>
      `  { category: '${category}', file: '${file}', definition: ${variable(file)}Node },`,
  )
  return [
    '// Written by scripts/node-list.mjs from the files in this folder.',
    "import type { AnyNode } from '../runtime/define-node.ts'",
    ...imports,
    '',
    'export const nodeFiles: readonly { category: string; file: string; definition: AnyNode }[] = [',
    ...entries,
    ']',
    '',
  ].join('\n')
}

/** Brings the list up to date; writes only when it differs. */
export function writeNodeList() {
  const path = join(root, 'nodes', 'index.generated.ts')
  const text = listText(findNodes())
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text)
  renameSync(temporary, path)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) writeNodeList()
