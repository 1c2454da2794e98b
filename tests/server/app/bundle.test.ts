import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../server/app/sha256.ts'
import { readBundle, writeBundle } from '../../../server/app/source/bundle.ts'

const read = (bytes: Uint8Array) => readBundle(bytes, 'x.planograph')

describe('a bundle', () => {
  it('read back is what was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.uint8Array()), (workflow, files) => {
        const blobs = new Map(files.map((bytes) => [sha256(bytes), bytes]))
        expect(read(writeBundle({ workflow, blobs }))).toEqual({ workflow, blobs })
      }),
    )
  })

  it('of the same content has the same bytes', () => {
    const one = new Uint8Array([1])
    const two = new Uint8Array([2])
    const bundle = (files: Uint8Array[]) =>
      writeBundle({ workflow: '{}', blobs: new Map(files.map((bytes) => [sha256(bytes), bytes])) })
    expect(bundle([one, two])).toEqual(bundle([two, one]))
  })

  it('unpacks nothing but the workflow and well-named blobs', () => {
    const bytes = zipSync({
      'workflow.json': strToU8('{}'),
      '../evil': strToU8('x'),
      'blobs/../../evil': strToU8('x'),
    })
    expect(read(bytes)).toEqual({ workflow: '{}', blobs: new Map() })
  })

  it('with a damaged blob is refused', () => {
    const bytes = zipSync({ 'workflow.json': strToU8('{}'), [`blobs/${'a'.repeat(64)}`]: strToU8('x') })
    expect(() => read(bytes)).toThrow(/blobs\/a+ is damaged/)
  })

  it('without a workflow is refused', () => {
    expect(() => read(zipSync({ 'other.json': strToU8('{}') }))).toThrow(/holds no workflow\.json/)
  })

  it('that unpacks to more than it may is refused before it is unpacked', () => {
    const bomb = zipSync({ 'workflow.json': new Uint8Array(65 * 2 ** 20) })
    expect(bomb.length).toBeLessThan(100_000)
    expect(() => read(bomb)).toThrow(/too large when unpacked/)
  })

  it('of too many entries is refused', () => {
    const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`f${at}`, new Uint8Array()]))
    expect(() => read(zipSync(many))).toThrow(/more than 10000 files/)
  })

  it('that is cut off is refused', () => {
    const bytes = zipSync({ 'workflow.json': strToU8('{"planograph": 1}') })
    expect(() => read(bytes.slice(0, -12))).toThrow(/cannot be read|can be read/)
  })
})
