import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { homeFolder } from '../../../server/app/home.ts'
import { modelFolders } from '../../../server/app/services.ts'
import { readSettings } from '../../../server/app/settings.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'planograph-settings-'))
})
afterEach(() => rm(home, { recursive: true }))

const write = (text: string) => writeFile(join(home, 'settings.json'), text)

describe('settings', () => {
  it('are the defaults when there is no file, nor a home', () => {
    const settings = readSettings(join(home, 'nothing', 'here'))
    expect(settings).toMatchObject({
      models: [],
      pools: {},
      allowPrivateUrls: false,
      executionProviders: ['cpu'],
    })
  })

  it('are read from the home', async () => {
    await write('{"models": ["sd15"], "pools": {"images": 2}, "threads": 3}')
    expect(readSettings(home)).toMatchObject({ models: ['sd15'], pools: { images: 2 }, threads: 3 })
  })

  it.each([
    ['{', /it is not JSON/],
    ['{"threads": "many"}', /at threads/],
    ['{"colour": 1}', /colour/],
    ['{"families": [{"id": 1}]}', /at families\.0\.id/],
  ])('%s is refused, naming the place', async (text, says) => {
    await write(text)
    expect(() => readSettings(home)).toThrow(says)
  })

  it('name model folders, relative ones in the home, the demo model last', async () => {
    await write(JSON.stringify({ models: ['sd15', join(home, 'elsewhere')] }))
    const folders = modelFolders(readSettings(home), home)
    expect(folders.slice(0, 2)).toEqual([join(home, 'sd15'), join(home, 'elsewhere')])
    expect(folders[2]).toMatch(/planograph-demo$/)
  })
})

describe('the home folder', () => {
  it.each([
    ['as asked for', 'mine', { PLANOGRAPH_HOME: '/theirs' }, /mine$/],
    ['else PLANOGRAPH_HOME', undefined, { PLANOGRAPH_HOME: 'theirs' }, /theirs$/],
    ['else ~/.planograph', undefined, {}, /[/\\]\.planograph$/],
  ])('is %s', (_which, asked, env, path) => {
    expect(homeFolder(asked, env, home)).toMatch(path)
  })
})
