import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileSystemOf, nameOf } from '../../../server/storage/file-system.ts'

describe('the file system under a path', () => {
  test('has a name and free space', async () => {
    const found = await fileSystemOf(tmpdir())
    expect(found.type).not.toBe('')
    expect(found.freeBytes).toBeGreaterThan(0)
  })

  test('of a folder that is not there yet is its nearest parent that is', async () => {
    const { type } = await fileSystemOf(tmpdir())
    expect((await fileSystemOf(join(tmpdir(), 'no', 'such', 'folder'))).type).toBe(type)
  })

  test.each([
    [0x6969, 'nfs', true],
    [0xff534d42, 'cifs', true],
    [-0xacb2be, 'cifs', true],
    [0x65735546, 'fuse', true],
    [0xef53, 'ext4', false],
    [0x12345, 'unknown', false],
  ])('with number %i on Linux is %s', (number, type, network) => {
    expect(nameOf(number, '/data', 'linux')).toEqual({ type, network })
  })

  test('on Windows is a share when the path names one', () => {
    expect(nameOf(0, '\\\\server\\share', 'win32')).toEqual({ type: 'smb', network: true })
    expect(nameOf(0, 'C:\\Users', 'win32')).toEqual({ type: 'unknown', network: false })
  })
})
