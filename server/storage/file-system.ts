import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

export interface FileSystem {
  /** `nfs`, `smb`, `ext4` …; `unknown` where the system does not tell. */
  type: string
  /** SQLite's locks and its shared memory cannot be relied on here. */
  network: boolean
  /** Bytes this user can still write. */
  freeBytes: number
}

/** File system numbers of Linux (statfs(2), linux/magic.h). FUSE can be anything; sshfs, rclone and cloud drives are the usual. */
const numbers: ReadonlyMap<number, { type: string; network: boolean }> = new Map([
  [0x6969, { type: 'nfs', network: true }],
  [0x517b, { type: 'smb', network: true }],
  [0xfe534d42, { type: 'smb', network: true }],
  [0xff534d42, { type: 'cifs', network: true }],
  [0x65735546, { type: 'fuse', network: true }],
  [0x01021997, { type: '9p', network: true }],
  [0x00c36400, { type: 'ceph', network: true }],
  [0x5346414f, { type: 'afs', network: true }],
  [0x6b414653, { type: 'afs', network: true }],
  [0x73757245, { type: 'coda', network: true }],
  [0x0bd00bd0, { type: 'lustre', network: true }],
  [0x01161970, { type: 'gfs2', network: true }],
  [0x7461636f, { type: 'ocfs2', network: true }],
  [0xef53, { type: 'ext4', network: false }],
  [0x58465342, { type: 'xfs', network: false }],
  [0x9123683e, { type: 'btrfs', network: false }],
  [0x2fc12fc1, { type: 'zfs', network: false }],
  [0x794c7630, { type: 'overlay', network: false }],
  [0x01021994, { type: 'tmpfs', network: false }],
  [0xf2f52010, { type: 'f2fs', network: false }],
])

/** What lies under a path. A path that is not there yet is judged by its nearest parent that is. */
export async function fileSystemOf(path: string): Promise<FileSystem> {
  const there = nearest(resolve(path))
  const { type, bsize, bavail } = await statfs(there)
  return { ...nameOf(type, there), freeBytes: bsize * bavail }
}

/** Only Linux's numbers mean the same everywhere; on Windows a share is told by its path. */
export function nameOf(
  number: number,
  path: string,
  platform = process.platform,
): Omit<FileSystem, 'freeBytes'> {
  if (platform === 'win32' && path.startsWith('\\\\')) return { type: 'smb', network: true }
  const known = platform === 'linux' ? numbers.get(number >>> 0) : undefined
  return known ?? { type: 'unknown', network: false }
}

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path))
}
