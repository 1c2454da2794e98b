import { describe, expect, test } from 'vitest'
import { storageError } from '../../../server/storage/storage-errors.ts'

const sqlite = (rawCode: number) => Object.assign(new Error('as SQLite says it'), { rawCode })
const system = (code: string) => Object.assign(new Error('as the system says it'), { code })

describe('what the disk or the database threw', () => {
  test.each([
    ['SQLITE_FULL', sqlite(13), 'blocked', 'disk-full'],
    ['SQLITE_IOERR_WRITE', sqlite(778), 'blocked', 'disk-error'],
    ['SQLITE_READONLY_DIRECTORY', sqlite(1544), 'blocked', 'home-unusable'],
    ['SQLITE_CORRUPT_INDEX', sqlite(779), 'invalid', 'database-damaged'],
    ['SQLITE_NOTADB', sqlite(26), 'invalid', 'database-damaged'],
    ['ENOSPC', system('ENOSPC'), 'blocked', 'disk-full'],
    ['EDQUOT', system('EDQUOT'), 'blocked', 'disk-full'],
    ['EROFS', system('EROFS'), 'blocked', 'home-unusable'],
    ['EIO', system('EIO'), 'blocked', 'disk-error'],
  ])('%s names the place and the remedy', (_, error, kind, code) => {
    expect(storageError(error, '/data/home')).toMatchObject({
      class: kind,
      code,
      message: expect.stringContaining('/data/home'),
      hint: expect.stringMatching(/\w/),
    })
  })

  test('stays as it is when nobody foresaw it', () => {
    const constraint = sqlite(1555)
    expect(storageError(constraint, '/data/home')).toBe(constraint)
    expect(storageError('a word', '/data/home')).toBe('a word')
  })
})
