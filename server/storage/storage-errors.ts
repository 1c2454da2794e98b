import { PlanographError } from '../../runtime/errors.ts'

/**
 * What SQLite or the file system threw, as an error a person can act on; anything else comes back as it is.
 * SQLite's result codes: https://www.sqlite.org/rescode.html
 */
export function storageError(error: unknown, place: string): unknown {
  if (error instanceof PlanographError || !(error instanceof Error)) return error
  const known = 'rawCode' in error ? fromSqlite(error, place) : fromFileSystem(error, place)
  return known ?? error
}

function fromSqlite(error: Error & { rawCode?: unknown }, place: string): PlanographError | undefined {
  if (typeof error.rawCode !== 'number') return undefined
  switch (error.rawCode & 0xff) {
    case 8:
    case 14:
      return unusable(error, place)
    case 10:
      return diskFailed(error, place)
    case 11:
    case 26:
      return databaseDamaged(error, place)
    case 13:
      return diskFull(error, place)
    default:
      return undefined
  }
}

function fromFileSystem(error: Error & { code?: unknown }, place: string): PlanographError | undefined {
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(error, place)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return unusable(error, place)
    case 'EIO':
      return diskFailed(error, place)
    default:
      return error.message.includes('Unable to open connection') ? unusable(error, place) : undefined
  }
}

function diskFull(cause: Error, place: string): PlanographError {
  return new PlanographError('blocked', `The disk is full: nothing more can be kept in ${place}.`, {
    code: 'disk-full',
    hint: 'Make room (`planograph gc` removes what no run needs), then resume. What was kept before is safe.',
    cause,
  })
}

function unusable(cause: Error, place: string): PlanographError {
  return new PlanographError('blocked', `The home folder ${place} cannot be used: ${cause.message}.`, {
    code: 'home-unusable',
    hint: 'It must be a folder you may write to. Choose another with --home or PLANOGRAPH_HOME.',
    cause,
  })
}

function diskFailed(cause: Error, place: string): PlanographError {
  return new PlanographError('blocked', `The disk under ${place} reports an error: ${cause.message}.`, {
    code: 'disk-error',
    hint: 'Check the disk (`planograph doctor` looks at the home folder), then resume.',
    cause,
  })
}

function databaseDamaged(cause: Error, place: string): PlanographError {
  return new PlanographError('invalid', `The database in ${place} is damaged: ${cause.message}.`, {
    code: 'database-damaged',
    hint: 'Put planograph.db back from a backup, or move it away to begin with an empty one. Pictures in blobs/ are kept.',
    cause,
  })
}
