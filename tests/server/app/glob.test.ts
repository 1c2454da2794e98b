import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { glob } from '../../../server/app/inputs/glob.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planograph-glob-'))
  for (const file of ['a10.png', 'a2.png', 'b.jpg', '.hidden.png', 'in/a1.png', 'in/deep/c(1).png']) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), '')
  }
})
afterAll(() => rm(folder, { recursive: true }))

describe('glob', () => {
  it.each([
    ['*.png', ['a2.png', 'a10.png']],
    ['a?.png', ['a2.png']],
    ['*/*.png', ['in/a1.png']],
    ['**/*.png', ['a2.png', 'a10.png', 'in/a1.png', 'in/deep/c(1).png']],
    ['in/deep/c(*.png', ['in/deep/c(1).png']],
    ['nowhere/*.png', []],
  ])('%s finds what fits, in the order people count', async (pattern, files) => {
    const found = await glob(pattern, folder)
    expect(found.map((file) => relative(folder, file).replaceAll('\\', '/'))).toEqual(files)
  })

  it('takes an absolute pattern', async () => {
    expect(await glob(join(folder, 'b.*'), '/')).toEqual([join(folder, 'b.jpg')])
  })
})
