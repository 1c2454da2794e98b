import { strToU8, unzipSync, zipSync } from 'fflate'
import { PlanographError } from '../../../runtime/errors.ts'
import { sha256 } from '../sha256.ts'

/** A workflow that travels with its files: a zip of `workflow.json` and `blobs/<sha256>`. */
export interface Bundle {
  /** The workflow file's text. */
  workflow: string
  /** By sha256. */
  blobs: ReadonlyMap<string, Uint8Array>
}

const limits = { entries: 10_000, workflow: 64 * 2 ** 20, total: 2 ** 30 }
const blobName = /^blobs\/([0-9a-f]{64})$/

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04
}

/**
 * Reads a bundle. Only `workflow.json` and well-named blobs are unpacked, never more than a gigabyte, and nothing is
 * written to disk. @throws `invalid` with code `bad-bundle`.
 */
export function readBundle(bytes: Uint8Array, name: string): Bundle {
  const entries = unpack(bytes, name)
  const workflow = entries['workflow.json']
  if (!workflow) throw bad(name, 'it holds no workflow.json')
  const blobs = new Map<string, Uint8Array>()
  for (const [entry, content] of Object.entries(entries)) {
    const hash = blobName.exec(entry)?.[1]
    if (hash === undefined) continue
    if (sha256(content) !== hash) throw bad(name, `${entry} is damaged`)
    blobs.set(hash, content)
  }
  return { workflow: new TextDecoder().decode(workflow), blobs }
}

function unpack(bytes: Uint8Array, name: string): Record<string, Uint8Array> {
  let count = 0
  let total = 0
  const wanted = (file: { name: string; originalSize: number }) => {
    count += 1
    if (count > limits.entries) throw bad(name, `it holds more than ${limits.entries} files`)
    const isWorkflow = file.name === 'workflow.json'
    if (!isWorkflow && !blobName.test(file.name)) return false
    total += file.originalSize
    if (total > limits.total || (isWorkflow && file.originalSize > limits.workflow))
      throw bad(name, 'it is too large when unpacked')
    return true
  }
  try {
    return unzipSync(bytes, { filter: wanted })
  } catch (error) {
    if (error instanceof PlanographError) throw error
    throw bad(name, error instanceof Error ? error.message : String(error))
  }
}

/** Packs a bundle; the same content gives the same bytes. */
export function writeBundle({ workflow, blobs }: Bundle): Uint8Array {
  const packed = Object.fromEntries(
    [...blobs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([hash, bytes]) => [`blobs/${hash}`, bytes]),
  )
  const mtime = new Date(1980, 0, 1)
  return zipSync({ 'workflow.json': [strToU8(workflow), { level: 9 }], ...packed }, { level: 0, mtime })
}

function bad(name: string, what: string): PlanographError {
  return new PlanographError('invalid', `${name} is not a bundle that can be read: ${what}.`, {
    code: 'bad-bundle',
    hint: 'A .planograph bundle is made by `planograph export <file> --with-files`.',
  })
}
