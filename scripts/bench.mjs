/** Runs every tests/bench/*.ts (or those named) and prints one table. The peers are installed in tests/bench only. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { register } from 'tsx/esm/api'
import { root } from './root.mjs'

const folder = join(root, 'tests', 'bench')

function installPeers() {
  const installed = join(folder, 'node_modules', '.package-lock.json')
  const lock = join(folder, 'package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  console.error('Installing the peers to compare with…')
  const { status } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    },
  )
  if (status !== 0) throw new Error('The peers cannot be installed.')
}

/** A goal is a number the value must not pass (or must reach), or is said in words: "≤ 50". */
function isMet({ value, goal, atLeast }) {
  const [, sign, limit] = /^(≤|≥)\s*([\d.]+)/.exec(String(goal)) ?? [undefined, atLeast ? '≥' : '≤', goal]
  return sign === '≥' ? value >= Number(limit) : value <= Number(limit)
}

function goalText({ goal, atLeast }) {
  if (goal === undefined) return ''
  return typeof goal === 'number' ? `${atLeast ? '≥' : '≤'} ${goal}` : goal
}

function rowOf(measure) {
  const { name, value, unit, goal } = measure
  const number = value.toLocaleString('en', { maximumSignificantDigits: 4 })
  return [
    name,
    `${number} ${unit}`,
    goalText(measure),
    goal === undefined ? '' : isMet(measure) ? 'met' : 'MISSED',
  ]
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
}

installPeers()
register()
const asked = process.argv.slice(2)
const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
const rows = [['what', 'value', 'goal', '']]
for (const file of files.sort()) {
  if (asked.length > 0 && !asked.includes(basename(file, '.ts'))) continue
  const { bench } = await import(pathToFileURL(join(folder, file)).href)
  if (!bench) continue
  console.error(`${file}…`)
  rows.push(...(await bench()).map(rowOf))
}
print(rows)
process.exit(0)
