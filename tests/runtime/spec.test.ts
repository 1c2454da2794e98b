import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const spec = readFileSync(join(root, 'runtime/SPEC.md'), 'utf8')
const rules = [...spec.matchAll(/^- \[(R\d+)\]/gm)].map(([, rule]) => rule ?? '')
const tests = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .map((file) => readFileSync(join(root, 'tests', file), 'utf8'))
/** Names of tests begin with their rules: it('[R1] …', or in a table. */
const names = tests.flatMap((text) =>
  [...text.matchAll(/['"`]((?:\[R\d+\] ?)+)/g)].map(([, cited]) => cited ?? ''),
)
const cited = new Set(names.flatMap((name) => name.match(/R\d+/g) ?? []))
const byNumber = (a: string, b: string) => Number(a.slice(1)) - Number(b.slice(1))

it('every rule of the specification is cited by a test', () => {
  expect(rules.filter((rule) => !cited.has(rule))).toEqual([])
})

it('every rule that a test cites is in the specification', () => {
  expect([...cited].filter((rule) => !rules.includes(rule))).toEqual([])
})

it('rules are numbered without gaps and without doubles', () => {
  expect([...rules].sort(byNumber)).toEqual(rules.map((_, i) => `R${i + 1}`))
})

it('every rule that the table of foreign tests names exists', () => {
  const table = spec.slice(spec.indexOf("## ComfyUI's"))
  const named = [...table.matchAll(/\bR\d+\b/g)].map(([rule]) => rule)
  expect(named.filter((rule) => !rules.includes(rule))).toEqual([])
})
