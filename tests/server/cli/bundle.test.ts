import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Desk, newDesk, png, workflow } from './planograph.ts'

let desk: Desk
beforeEach(async () => {
  desk = await newDesk()
  await desk.write('photo.png', await png())
  await desk.write('w.json', loads)
})

const loads = workflow({ photo: { type: 'load-image', values: { source: 'photo.png' } } }, [], {
  outputs: { photo: { from: 'photo.images' } },
})

describe('a bundle', () => {
  it('brings its files along to another home', async () => {
    const exported = await desk.planograph('export', 'w.json', '--with-files', '-o', 'w.planograph')
    expect(exported.stdout.trim()).toBe(join(desk.folder, 'w.planograph'))
    await rm(join(desk.folder, 'photo.png'))
    expect((await desk.planograph('check', 'w.planograph')).code).toBe(0)
    desk.env.PLANOGRAPH_HOME = join(desk.folder, 'elsewhere')
    const { code, stdout } = await desk.planograph('run', 'w.planograph', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).outputs.photo).toMatchObject([{ width: 8, height: 6 }])
  })

  it('takes its name from the workflow when none is given', async () => {
    const { stdout } = await desk.planograph('export', 'w.json', '--with-files')
    expect(stdout.trim()).toBe(join(desk.folder, 'w.planograph'))
  })

  it('is not made when a file is missing', async () => {
    await rm(join(desk.folder, 'photo.png'))
    const { code, stderr } = await desk.planograph('export', 'w.json', '--with-files')
    expect(stderr).toMatch(/photo\.source: .*photo\.png/)
    expect(code).toBe(2)
  })

  it('finds files from where the workflow lies, wherever one stands', async () => {
    await mkdir(join(desk.folder, 'deep'))
    await desk.write('deep/w.json', loads)
    await desk.write('deep/photo.png', await png(3, 3))
    const { stdout } = await desk.planograph('run', 'deep/w.json', '--json')
    expect(JSON.parse(stdout).outputs.photo).toMatchObject([{ width: 3 }])
  })
})
