import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { programCatalog } from '../../../server/app/nodes.ts'
import { packageRoot } from '../../../server/app/package.ts'

it('every file in a category is a node type under its own name', () => {
  const folder = join(packageRoot(), 'nodes')
  const categories = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== 'kinds' && entry.name !== 'services',
  )
  const files = categories.flatMap(({ name }) => readdirSync(join(folder, name)))
  const types = files.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3))
  expect(Object.keys(programCatalog().nodes).sort()).toEqual(types.sort())
})
