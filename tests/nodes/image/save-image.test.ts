import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import saveImage from '../../../nodes/image/save-image.ts'
import { examplePictures } from '../../../nodes/kinds/example-pictures.ts'
import type { Files } from '../../../nodes/services/files.ts'
import { writeFailure } from '../../../nodes/services/keep-file.ts'
import { infotextFor, textsOf, withInfotext } from '../../../nodes/services/picture-texts.ts'
import { makeServices } from '../make-services.ts'
import { createBlobs, type RunOptions, runNode } from '../run-node.ts'

let out = ''
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'planograph-save-'))
})
afterEach(() => rmSync(out, { recursive: true, force: true }))

const { house, badge } = examplePictures
const workflow = '{"planograph":1,"name":"Häuser <1> & \\"2\\"","nodes":{}}'

async function save(
  values: { [field: string]: unknown },
  options: RunOptions = {},
  files: Partial<Files> = {},
): Promise<string[]> {
  const services = makeServices(out)
  const allowed = { ...services, files: { ...services.files, ...files } }
  const { outputs } = await runNode(saveImage, { images: [house], ...values }, allowed, {
    workflow,
    ...options,
  })
  return z.array(z.string()).parse(outputs.files)
}
const there = () => readdirSync(out, { recursive: true }).map(String).sort()
const pixels = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer()
const houseBytes = await createBlobs().read(house)
const houseInfotext = textsOf(houseBytes).parameters

describe('Save image', () => {
  test('writes the same pixels, with parameters and workflow inside', async () => {
    const [file = ''] = await save({})
    expect(file).toBe(join(out, 'example-0001.png'))
    const bytes = readFileSync(file)
    expect(textsOf(bytes)).toEqual({ parameters: houseInfotext, planograph: workflow })
    expect(await pixels(bytes)).toEqual(await pixels(houseBytes))
  })

  test.each(['webp', 'jpeg'] as const)('writes %s with parameters and workflow inside', async (format) => {
    const [file = ''] = await save({ format })
    expect(file).toBe(join(out, `example-0001.${format}`))
    const bytes = readFileSync(file)
    expect((await sharp(bytes).metadata()).format).toBe(format)
    expect(textsOf(bytes)).toEqual({ parameters: houseInfotext, planograph: workflow })
  })

  test('writes only the parameters, or nothing, when asked', async () => {
    for (const format of ['png', 'webp', 'jpeg']) {
      const [some = ''] = await save({ format, metadata: 'parameters' })
      const [none = ''] = await save({ format, metadata: 'none' })
      expect(textsOf(readFileSync(some))).toEqual({ parameters: houseInfotext })
      expect(textsOf(readFileSync(none))).toEqual({})
    }
  })

  test('loses nothing in WebP at quality 100', async () => {
    const [file = ''] = await save({ format: 'webp', quality: 100 })
    expect(await pixels(readFileSync(file))).toEqual(await pixels(houseBytes))
  })

  test('lays what is see-through over white in JPEG', async () => {
    const [file = ''] = await save({ images: [badge], format: 'jpeg', quality: 100 })
    const data = await pixels(readFileSync(file))
    expect(data[0]).toBeGreaterThan(245)
  })

  test('says that a workflow is too large for JPEG and leaves it out', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(80_000) })
    const services = makeServices(out)
    const { notes } = await runNode(saveImage, { images: [house], format: 'jpeg' }, services, {
      workflow: large,
    })
    expect(notes).toEqual([expect.stringContaining('too large for a JPEG')])
  })

  test('fills in what the picture knows about itself', async () => {
    const infotext = infotextFor({
      prompt: 'ein Schloß: am/See?',
      negative: '',
      seed: '18446744073709551615',
      model: 'sd/v1-5.safetensors',
      width: 48,
      height: 32,
    })
    const blobs = createBlobs()
    const image = blobs.put(withInfotext(houseBytes, infotext))
    const [file] = await save({ images: [image], name: '{model} {seed} {prompt} {date} {time}' }, { blobs })
    expect(file).toMatch(/v1-5 18446744073709551615 ein Schloß_ am_See_ 2026-01-0\d \d\d-\d\d-05\.png$/)
  })

  test('leaves nothing behind for what a picture does not know', async () => {
    const [file] = await save({ images: [badge], name: '{seed}_{model}_badge' })
    expect(file).toBe(join(out, 'badge.png'))
  })

  test('takes the next free number and never writes over a file', async () => {
    writeFileSync(join(out, 'a-01.png'), 'mine')
    const files = await save({ images: [house, badge], name: 'a-{n:00}' })
    expect(files).toEqual([join(out, 'a-02.png'), join(out, 'a-03.png')])
    expect(readFileSync(join(out, 'a-01.png'), 'utf8')).toBe('mine')
  })

  test('replaces files of earlier runs when told to, and never its own', async () => {
    writeFileSync(join(out, 'a.png'), 'old')
    const replacing = new Set<string>()
    const files = await save({ images: [house, badge], name: 'a' }, {}, { replacing })
    expect(files).toEqual([join(out, 'a.png'), join(out, 'a-2.png')])
    expect(readFileSync(join(out, 'a.png'), 'utf8')).not.toBe('old')
  })

  test('appends a number when the name has none', async () => {
    expect(await save({ images: [house, house, house], name: 'same' })).toEqual(
      ['same.png', 'same-2.png', 'same-3.png'].map((name) => join(out, name)),
    )
  })

  test('gives every picture its own number when many save at once', async () => {
    const files = await Promise.all(Array.from({ length: 8 }, () => save({ name: 'x{n}' })))
    expect(new Set(files.flat()).size).toBe(8)
    expect(there().length).toBe(8)
  })

  test('takes the file of an attempt that died after writing for its own', async () => {
    const first = await save({ name: 'a' })
    expect(await save({ name: 'a' }, { attempt: 2 })).toEqual(first)
    expect(await save({ name: 'a' }, { attempt: 1 })).toEqual([join(out, 'a-2.png')])
  })

  test('makes the folders that the name and the field say', async () => {
    const [file] = await save({ folder: 'cards/new', name: '{workflow}/{n}' })
    expect(file).toBe(join(out, 'cards/new/example/1.png'))
  })

  test('leaves no other files behind', async () => {
    await save({})
    expect(there()).toEqual(['example-0001.png'])
  })

  test.each([
    ['/etc/x', 'leads out of the folder'],
    ['a/../../x', 'leads out of the folder'],
    ['..\\x', 'leads out of the folder'],
    ['C:\\x', 'leads out of the folder'],
    ['{size}', '{size} is not known'],
  ])('refuses the name %s', async (name, message) => {
    await expect(save({ name })).rejects.toMatchObject({
      class: 'invalid',
      message: expect.stringContaining(message),
    })
    expect(there()).toEqual([])
  })

  test('stays in the folder whatever the tokens bring', async () => {
    const [file] = await save({ name: '{workflow}' }, { name: '../../etc/passwd' })
    expect(file).toBe(join(out, '.._.._etc_passwd.png'))
  })

  test('writes elsewhere only where that is allowed', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'planograph-else-'))
    const [file] = await save({ folder: elsewhere, name: 'a' })
    expect(file).toBe(join(elsewhere, 'a.png'))
    for (const folder of [elsewhere, '..', 'a/../../b'])
      await expect(save({ folder }, {}, { outOnly: true })).rejects.toMatchObject({ code: 'folder-outside' })
    expect((await save({ folder: 'in/side', name: 'a' }, {}, { outOnly: true })).length).toBe(1)
    rmSync(elsewhere, { recursive: true })
  })

  test('says that a folder cannot be written to, and leaves nothing there', async () => {
    writeFileSync(join(out, 'file'), 'a file where a folder should be')
    await expect(save({ folder: 'file' })).rejects.toMatchObject({
      class: 'invalid',
      code: 'folder-unwritable',
    })
    expect(there()).toEqual(['file'])
  })

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'says that it may not write',
    async () => {
      chmodSync(out, 0o500)
      await expect(save({})).rejects.toMatchObject({ class: 'invalid', code: 'folder-unwritable' })
      chmodSync(out, 0o700)
    },
  )

  test.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    const error = await writeFile('/dev/full', 'x').catch((error: unknown) => error)
    expect(writeFailure(error, out)).toMatchObject({ class: 'invalid', code: 'disk-full', retry: false })
  })
})
