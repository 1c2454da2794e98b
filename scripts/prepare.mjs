/** Runs after `npm ci`: leaves a runnable program. Does nothing when dist/ is newer than everything it is made from. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './root.mjs'

const sources = [
  'runtime',
  'document',
  'nodes',
  'server',
  'scripts',
  'models/planograph-demo',
  'package.json',
  'package-lock.json',
]

function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function isBuilt() {
  const built = statSync(join(root, 'dist', '.built'), { throwIfNoEntry: false })
  return built !== undefined && sources.every((source) => newest(join(root, source)) <= built.mtimeMs)
}

function canBuild() {
  try {
    createRequire(import.meta.url).resolve('rolldown')
    return true
  } catch {
    return false
  }
}

if (isBuilt() && existsSync(join(root, 'nodes', 'index.generated.ts'))) process.exit(0)
if (canBuild()) await (await import('./build.mjs')).build()
else if (!existsSync(join(root, 'dist', '.built'))) {
  console.error(
    'Planograph is not built yet and the build tools are missing. Run `npm ci` with development packages once.',
  )
  process.exit(1)
}
