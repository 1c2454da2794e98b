import { existsSync } from 'node:fs'
import { type FileSystem, fileSystemOf } from '../../storage/file-system.ts'
import { homeLayout } from '../../storage/home.ts'
import { openStorage } from '../../storage/open-storage.ts'
import { checkOut } from '../check-out.ts'
import { type Finding, findingFrom } from './finding.ts'

const GB = 1e9

/** The home folder: writable, on a local disk with room, and its database opens. */
export async function examineHome(home: string): Promise<Finding[]> {
  const writable = await findingFrom('Home folder', async () => {
    await checkOut(home)
    return existsSync(home) ? home : `${home} (made at the first run)`
  })
  if (writable.status === 'fail')
    return [
      {
        ...writable,
        remedy: 'It must be a folder you may write to. Choose another with --home or PLANOGRAPH_HOME.',
      },
    ]
  const fileSystem = await fileSystemOf(home)
  return [writable, await database(home), diskKind(fileSystem), diskSpace(fileSystem)]
}

async function database(home: string): Promise<Finding> {
  return await findingFrom('Database', async () => {
    if (!existsSync(homeLayout(home).database)) return 'Made at the first run.'
    const storage = openStorage(home)
    try {
      await storage.ready()
      const runs = await storage.journal.list({ limit: 1 })
      return runs.length > 0 ? 'It opens and holds runs.' : 'It opens.'
    } finally {
      await storage.close()
    }
  })
}

export function diskKind({ type, network }: FileSystem): Finding {
  const name = 'File system'
  if (!network)
    return {
      name,
      status: 'ok',
      message: type === 'unknown' ? 'Local, as far as can be told.' : `${type}, local.`,
    }
  return {
    name,
    status: 'warn',
    message: `The home folder lies on ${type}: a network file system, where SQLite cannot rely on locks.`,
    remedy: 'Put the home on a local disk with --home or PLANOGRAPH_HOME.',
  }
}

export function diskSpace({ freeBytes }: Pick<FileSystem, 'freeBytes'>): Finding {
  const name = 'Disk space'
  const message = `${(freeBytes / GB).toFixed(1)} GB free.`
  if (freeBytes >= GB) return { name, status: 'ok', message }
  const status = freeBytes < 0.1 * GB ? 'fail' : 'warn'
  return { name, status, message, remedy: '`planograph gc --older-than 30d` removes what no run needs.' }
}
