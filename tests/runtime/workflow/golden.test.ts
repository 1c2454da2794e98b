import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { check } from '../../../runtime/check/check.ts'
import type { Problem } from '../../../runtime/problem.ts'
import { parse } from '../../../runtime/workflow/parse.ts'
import { print } from '../../../runtime/workflow/print.ts'
import { sample } from '../check/sample-catalog.ts'

const folder = fileURLToPath(new URL('../../golden/workflows/', import.meta.url))
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

const told = ({ severity, code, node, field, place, message, hint }: Problem) => {
  const where = [place, node && field ? `${node}.${field}` : node].filter(Boolean).join(', ')
  return `${severity} ${code}${where && ` (${where})`}: ${message} ${hint}`
}

/** A saved workflow as it is read, printed and checked. */
function reading(text: string): string {
  const parsed = parse(text, sample)
  if (!parsed.ok) return parsed.problems.map(told).join('\n')
  const problems = [...parsed.warnings, ...check(parsed.workflow, sample.data)]
  return `${print(parsed.workflow)}\n${problems.map(told).join('\n')}`
}

describe('saved workflows', () => {
  it.each(files)('%s is read, printed and checked as before', async (name) => {
    const text = readFileSync(`${folder}${name}`, 'utf8')
    await expect(reading(text)).toMatchFileSnapshot(`${folder}${name.replace('.json', '.reading')}`)
  })
})
