import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withInfotext } from '../../../nodes/services/picture-texts.ts'
import { exampleNames } from '../../../server/app/source/examples.ts'
import { readSource } from '../../../server/app/source/read-source.ts'
import { png } from '../cli/planograph.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planograph-source-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a source', () => {
  it('is a file before it is an example of that name', async () => {
    await writeFile(join(folder, 'hello'), '{"mine": true}')
    expect((await readSource('hello', folder)).text).toBe('{"mine": true}')
  })

  it('is an example by name', async () => {
    expect(exampleNames()).toContain('hello')
    expect(await readSource('hello', folder)).toMatchObject({ name: 'hello.json' })
  })

  it('that is nowhere is refused with what there is', async () => {
    await expect(readSource('helo', folder)).rejects.toMatchObject({ hint: 'Did you mean "hello"?' })
  })

  it('cannot lead out of the examples', async () => {
    await expect(readSource('../package', folder)).rejects.toThrow(/no file/)
  })

  it('that is a folder is refused', async () => {
    await expect(readSource('.', folder)).rejects.toThrow(/is not a file/)
  })

  it('that is a picture without a workflow says what the picture does tell', async () => {
    const infotext = 'a red house\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 8x6'
    await writeFile(join(folder, 'p.png'), withInfotext(await png(), infotext))
    await writeFile(join(folder, 'q.png'), await png())
    await expect(readSource('p.png', folder)).rejects.toMatchObject({
      message: 'The picture p.png carries no workflow.',
      hint: expect.stringContaining('a red house / Steps: 20'),
    })
    await expect(readSource('q.png', folder)).rejects.toMatchObject({ code: 'no-workflow' })
  })
})
