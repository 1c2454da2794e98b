import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readTokenizer, type Tokenizer } from '../../../../nodes/services/images/embedded/tokenizer.ts'
import { temporaryModels } from '../../../tools/painting.ts'

const golden = z
  .array(z.object({ text: z.string(), ids: z.array(z.int()) }))
  .parse(JSON.parse(readFileSync(new URL('../../../golden/embedded/clip-ids.json', import.meta.url), 'utf8')))

let models: Awaited<ReturnType<typeof temporaryModels>>
const folder = (name: string) => join(models.root, name)
beforeAll(async () => {
  models = await temporaryModels({ clip: { shapes: 'sd15' }, words: {}, without: { clip: true } })
})
afterAll(() => models.remove())

describe('a tokenizer of vocab.json and merges.txt', () => {
  let tokenizer: Tokenizer
  beforeAll(async () => {
    tokenizer = await readTokenizer(folder('clip'))
  })

  it.each(golden)('gives the ids of CLIPTokenizer for $text', ({ text, ids }) => {
    expect(tokenizer.ids(text)).toEqual(ids)
  })

  it('begins, ends and fills up as Stable Diffusion 1.5 does', () => {
    const { begin, end, pad, length } = tokenizer
    expect({ begin, end, pad, length }).toEqual({ begin: 49406, end: 49407, pad: 49407, length: 77 })
  })

  it('knows the comma', () => {
    expect(tokenizer.ids(',')).toEqual([tokenizer.comma])
  })
})

describe('a tokenizer of tokenizer.json', () => {
  it('takes its special tokens and its length from tokenizer_config.json', async () => {
    const { begin, end, pad, length } = await readTokenizer(folder('words'))
    expect({ begin, end, pad, length }).toEqual({ begin: 1, end: 2, pad: 0, length: 16 })
  })

  it('leaves out words it does not know', async () => {
    const tokenizer = await readTokenizer(folder('words'))
    expect(tokenizer.ids('a big red dragon')).toEqual(tokenizer.ids('a red'))
  })
})

describe('a folder without a tokenizer', () => {
  it('is refused by the names of the missing files', async () => {
    await rm(join(folder('without'), 'tokenizer/merges.txt'))
    await expect(readTokenizer(folder('without'))).rejects.toMatchObject({
      class: 'invalid',
      message: expect.stringContaining('neither tokenizer.json nor vocab.json and merges.txt'),
    })
  })

  it('is refused when tokenizer.json is not JSON', async () => {
    await writeFile(join(folder('without'), 'tokenizer/tokenizer.json'), '{')
    await expect(readTokenizer(folder('without'))).rejects.toMatchObject({
      message: expect.stringContaining('tokenizer/tokenizer.json is not JSON'),
    })
  })
})
