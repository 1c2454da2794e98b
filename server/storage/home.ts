import { join } from 'node:path'
import type { FileLayer } from './files/file-layer.ts'
import { storageError } from './storage-errors.ts'

/** Where things lie in the home folder. */
export interface HomeLayout {
  home: string
  database: string
  blobs: string
  tmp: string
}

export function homeLayout(home: string): HomeLayout {
  return { home, database: join(home, 'planograph.db'), blobs: join(home, 'blobs'), tmp: join(home, 'tmp') }
}

const leftoverAge = 3_600_000

/** Makes the folders that are missing (0700 where the system knows it) and sweeps out what a crash left in tmp. */
export async function prepareHome(layout: HomeLayout, files: FileLayer, now: number): Promise<void> {
  try {
    await files.makeDirectory(layout.home)
    await files.makeDirectory(layout.blobs)
    await files.makeDirectory(layout.tmp)
    await sweep(layout.tmp, files, now - leftoverAge)
  } catch (error) {
    throw storageError(error, layout.home)
  }
}

async function sweep(folder: string, files: FileLayer, before: number): Promise<void> {
  for (const name of await files.list(folder)) {
    const path = join(folder, name)
    const found = await files.stat(path)
    if (found !== undefined && found.modified < before) await files.remove(path)
  }
}
