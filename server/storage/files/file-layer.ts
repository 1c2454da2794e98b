import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** A file being written. */
interface OpenFile {
  write(bytes: Uint8Array): Promise<void>
  fsync(): Promise<void>
  close(): Promise<void>
}

/** What the blob store asks of the file system: few verbs, so that a test can watch their order or fail one of them. */
export interface FileLayer {
  /** A new file; one that is there already is an error. */
  open(path: string): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  /** Makes the names in a folder durable. Where the system cannot (Windows), does nothing. */
  fsyncDirectory(path: string): Promise<void>
  /** Makes a folder and its parents durably, readable by the owner only. One that is there stays as it is. */
  makeDirectory(path: string): Promise<void>
  /** Undefined when it is not there. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Size in bytes and time of the last change in milliseconds; undefined when it is not there. */
  stat(path: string): Promise<{ bytes: number; modified: number } | undefined>
  /** Sets the time of the last change. */
  touch(path: string, modified: number): Promise<void>
  /** One that is not there is no error. */
  remove(path: string): Promise<void>
  /** Names in a folder; none when the folder is not there. */
  list(path: string): Promise<string[]>
}

export const nodeFiles: FileLayer = {
  async open(path) {
    const file = await open(path, 'wx', 0o600)
    return {
      write: (bytes) => file.writeFile(bytes),
      fsync: () => file.sync(),
      close: () => file.close(),
    }
  },
  rename: (from, to) => rename(from, to),
  fsyncDirectory,
  async makeDirectory(path) {
    const first = await mkdir(path, { recursive: true, mode: 0o700 })
    if (first === undefined) return
    for (let made = resolve(path); made.length >= first.length; made = dirname(made))
      await fsyncDirectory(dirname(made))
  },
  read: (path) => unlessMissing(readFile(path)),
  async stat(path) {
    const found = await unlessMissing(stat(path))
    return found && { bytes: found.size, modified: found.mtimeMs }
  },
  touch: (path, modified) => utimes(path, modified / 1_000, modified / 1_000),
  remove: (path) => rm(path, { force: true }),
  list: async (path) => (await unlessMissing(readdir(path))) ?? [],
}

/** Network file systems answer EINVAL or ENOTSUP, Windows refuses to open a folder. */
const cannotSync: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOTSUP'])
const windowsRefuses: ReadonlySet<unknown> = new Set(['EPERM', 'EACCES', 'EISDIR'])

async function fsyncDirectory(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (error) {
    const code = codeOf(error)
    if (cannotSync.has(code) || (process.platform === 'win32' && windowsRefuses.has(code))) return
    throw error
  }
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
