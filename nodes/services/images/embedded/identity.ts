import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { partNames } from './model-folder.ts'

const folders = ['scheduler', 'tokenizer', ...partNames]
const files = ['model_index.json', 'vocabulary.json']

/** Hashes model folders; those whose files have kept size and time are not read again. */
export type Identify = (folder: string) => Promise<string>

export function createIdentify(): Identify {
  const known = new Map<string, { stamp: string; identity: Promise<string> }>()
  return async (folder) => {
    const found = await filesOf(folder)
    const stamp = JSON.stringify(found)
    const before = known.get(folder)
    if (before?.stamp === stamp) return before.identity
    const identity = hashAll(
      folder,
      found.map(([name]) => name),
    )
    known.set(folder, { stamp, identity })
    identity.catch(() => known.delete(folder))
    return identity
  }
}

/** sha256 over one line `path sha256` for each file that has a say in the picture, sorted by path. */
async function hashAll(folder: string, names: readonly string[]): Promise<string> {
  const total = createHash('sha256')
  for (const name of names) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, name)), hash)
    total.update(`${name} ${hash.digest('hex')}\n`)
  }
  return total.digest('hex')
}

async function filesOf(folder: string): Promise<[name: string, size: number, changed: number][]> {
  const inside = await Promise.all(
    folders.map(async (part) =>
      (await readdir(join(folder, part)).catch(() => [])).map((file) => `${part}/${file}`),
    ),
  )
  const names = [...files, ...inside.flat()].sort()
  const found = await Promise.all(names.map((name) => described(folder, name)))
  return found.flatMap((file) => (file ? [file] : []))
}

async function described(folder: string, name: string): Promise<[string, number, number] | undefined> {
  const state = await stat(join(folder, name)).catch(() => undefined)
  return state?.isFile() ? [name, state.size, state.mtimeMs] : undefined
}
