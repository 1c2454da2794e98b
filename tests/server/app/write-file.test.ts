import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkOut } from '../../../server/app/check-out.ts'
import { writeFileWhole } from '../../../server/app/write-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planograph-write-'))
})
afterEach(() => rm(folder, { recursive: true }))

const bytes = (text: string) => new TextEncoder().encode(text)

it('takes the next free number, also when several are written at once', async () => {
  const path = join(folder, 'picture.png')
  const written = await Promise.all(['a', 'b', 'c'].map((text) => writeFileWhole(path, bytes(text))))
  expect(new Set(written).size).toBe(3)
  expect((await readdir(folder)).sort()).toEqual(['picture-2.png', 'picture-3.png', 'picture.png'])
  const kept = await Promise.all(written.map((file) => readFile(file, 'utf8')))
  expect(kept).toEqual(['a', 'b', 'c'])
})

it('replaces a file when asked', async () => {
  const path = join(folder, 'picture.png')
  await writeFile(path, 'old')
  expect(await writeFileWhole(path, bytes('new'), true)).toBe(path)
  expect(await readFile(path, 'utf8')).toBe('new')
  expect(await readdir(folder)).toEqual(['picture.png'])
})

it('a folder that can be made is fine, and is not made by looking', async () => {
  await checkOut(join(folder, 'not', 'yet'))
  expect(await readdir(folder)).toEqual([])
})

it('a folder below a file is refused, naming the file', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(checkOut(join(folder, 'file', 'deep', 'er'))).rejects.toThrow(/file is a file/)
})
