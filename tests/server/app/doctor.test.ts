import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeVersion } from '../../../server/app/doctor/examine.ts'
import { diskKind, diskSpace } from '../../../server/app/doctor/examine-home.ts'
import { examineModel } from '../../../server/app/doctor/examine-model.ts'
import { packageRoot } from '../../../server/app/package.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planograph-doctor-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('doctor', () => {
  it.each([
    ['20.18.3', 'fail'],
    ['20.19.0', 'ok'],
    ['24.1.0', 'ok'],
    ['18.20.0', 'fail'],
  ])('finds Node.js %s %s', (version, status) => {
    expect(nodeVersion(version)).toMatchObject({ status })
  })

  it.each([
    [5e9, 'ok'],
    [5e8, 'warn'],
    [5e7, 'fail'],
  ])('finds %d free bytes %s', (freeBytes, status) => {
    expect(diskSpace({ freeBytes })).toMatchObject({ status })
  })

  it('warns of a network file system under the home', () => {
    const finding = diskKind({ type: 'nfs', network: true, freeBytes: 1 })
    expect(finding).toMatchObject({ status: 'warn', message: expect.stringContaining('nfs') })
  })

  it('names the part that a model folder lacks', async () => {
    const model = join(folder, 'mine')
    await cp(join(packageRoot(), 'models', 'planograph-demo'), model, { recursive: true })
    await rm(join(model, 'unet', 'model.onnx'))
    expect(await examineModel(model)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('unet/model.onnx is missing'),
      remedy: expect.any(String),
    })
  })
})
