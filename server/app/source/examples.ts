import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package.ts'

const folder = () => join(packageRoot(), 'workflows')

/** Names of the example workflows that come with the program. */
export function exampleNames(): string[] {
  if (!existsSync(folder())) return []
  return readdirSync(folder())
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
}

/** The file of an example; undefined when there is none of that name. */
export function exampleFile(name: string): string | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) return undefined
  const file = join(folder(), `${name}.json`)
  return existsSync(file) ? file : undefined
}
