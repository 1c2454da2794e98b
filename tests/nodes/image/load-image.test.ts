import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import loadImage from '../../../nodes/image/load-image.ts'
import { Image } from '../../../nodes/kinds/image.ts'
import { pngChunk } from '../../../nodes/kinds/png.ts'
import { makeServices } from '../make-services.ts'
import { createBlobs, runNode } from '../run-node.ts'

const folder = mkdtempSync(join(tmpdir(), 'planograph-load-'))
const at = (name: string) => join(folder, name)
const services = makeServices(folder)
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 4, background: { r: 9, g: 99, b: 199, alpha: 0.25 } } })

/** The header of a PNG that says it is 50,000 × 50,000 pixels. */
const bomb = () => {
  const header = new Uint8Array(13)
  new DataView(header.buffer).setUint32(0, 50_000)
  new DataView(header.buffer).setUint32(4, 50_000)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IEND', new Uint8Array()),
  ])
}

const server = createServer((request, response) => {
  const path = request.url ?? ''
  if (path === '/a/cat.png')
    return void picture(5, 4)
      .png()
      .toBuffer()
      .then((bytes) => response.end(bytes))
  if (path === '/moved') return void response.writeHead(302, { location: '/a/cat.png' }).end()
  if (path === '/round') return void response.writeHead(302, { location: '/round' }).end()
  if (path === '/away') return void response.writeHead(302, { location: 'file:///etc/passwd' }).end()
  if (path === '/secret') return void response.writeHead(403).end()
  if (path === '/page') return void response.end('<html>hello</html>')
  if (path === '/busy') return void response.writeHead(503).end()
  response.writeHead(404).end()
})
let web = ''

beforeAll(async () => {
  writeFileSync(at('b10.png'), await picture(10, 1).png().toBuffer())
  writeFileSync(at('b9.webp'), await picture(9, 1).webp().toBuffer())
  writeFileSync(at('broken.png'), (await picture(80, 80).png().toBuffer()).subarray(0, 60))
  writeFileSync(at('notes.txt'), 'no picture')
  writeFileSync(at('.hidden.png'), 'hidden')
  writeFileSync(at('bomb.png'), bomb())
  writeFileSync(at('turned.jpg'), await picture(8, 3).jpeg().withMetadata({ orientation: 6 }).toBuffer())
  writeFileSync(at('drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>')
  mkdirSync(at('some'))
  writeFileSync(at('some/one.png'), await picture(3, 3).removeAlpha().png().toBuffer())
  writeFileSync(at('some/two.png'), 'broken')
  mkdirSync(at('empty'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  web = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const load = (source: unknown[], allowed = services) => runNode(loadImage, { source }, allowed)
const sizes = (images: unknown) =>
  Image.array()
    .parse(images)
    .map(({ width, height }) => [width, height])

describe('Load image', () => {
  test('gives a file as it is, labelled with its name', async () => {
    const { outputs, labels, blobs } = await load([at('b9.webp')])
    const [image] = Image.array().parse(outputs.images)
    expect(image).toMatchObject({ mime: 'image/webp', width: 9, height: 1 })
    expect(labels.images).toEqual(['b9.webp'])
    if (image) expect((await blobs.read(image)).length).toBe(image.bytes)
  })

  test('gives the pictures of a folder in the order people count, without other files', async () => {
    const { labels, failures } = await load([folder])
    expect(labels.images).toEqual(['b9.webp', 'b10.png', 'turned.jpg'])
    expect(failures.map(({ code }) => code)).toContain('picture-too-large')
  })

  test('fails one broken picture alone, in both lists', async () => {
    const { outputs, failures, labels, notes } = await load([at('some'), at('b10.png')])
    expect(sizes(outputs.images)).toEqual([
      [3, 3],
      [10, 1],
    ])
    expect(labels.masks).toEqual(['one.png', 'b10.png'])
    expect(failures.map(({ message }) => message)).toEqual(Array(2).fill(expect.stringContaining('two.png')))
    expect(notes).toEqual([expect.stringContaining('two.png')])
  })

  test('fails as a whole when there is no good picture, saying how many', async () => {
    await expect(load([at('some/two.png'), at('nothing.png')])).rejects.toThrow('None of the 2 pictures')
  })

  test('gives an empty list for a folder without pictures, and says so', async () => {
    const { outputs, notes } = await load([at('empty')])
    expect(outputs.images).toEqual([])
    expect(notes).toEqual([expect.stringContaining('no picture')])
  })

  test('makes a mask of what is see-through: white where nothing is', async () => {
    const { outputs, blobs } = await load([at('b10.png')])
    const [mask] = Image.array().parse(outputs.masks)
    expect(mask).toMatchObject({ width: 10, height: 1 })
    if (!mask) return
    const bytes = await blobs.read(mask)
    expect(await sharp(bytes).toColourspace('b-w').raw().toBuffer()).toEqual(Buffer.alloc(10, 191))
    expect((await sharp(bytes).metadata()).channels).toBe(1)
  })

  test('turns a photograph as its camera was held', async () => {
    const { outputs } = await load([at('turned.jpg')])
    expect(sizes(outputs.images)).toEqual([[3, 8]])
  })

  test.each([
    ['bomb.png', 'picture-too-large', '50000 × 50000'],
    ['broken.png', 'picture-unreadable', 'broken.png'],
    ['notes.txt', 'picture-unreadable', 'notes.txt'],
    ['drawing.svg', 'picture-unreadable', 'svg'],
    ['missing.png', 'file-missing', 'missing.png'],
  ])('refuses %s as %s', async (name, code, message) => {
    await expect(load([at(name)])).rejects.toMatchObject({
      class: 'invalid',
      code,
      message: expect.stringContaining(message),
      hint: expect.any(String),
    })
  })

  test('says which kept picture is gone', async () => {
    const gone = { blob: '0'.repeat(64), mime: 'image/png', bytes: 3, name: 'lost.png' }
    await expect(load([gone])).rejects.toMatchObject({ code: 'blob-gone' })
  })

  test('stops when it is cancelled', async () => {
    const signal = AbortSignal.abort()
    const blobs = createBlobs()
    const source = [`${web}/a/cat.png`]
    const open = { ...services, files: { ...services.files, allowPrivateUrls: true } }
    await expect(runNode(loadImage, { source }, open, { signal, blobs })).rejects.toMatchObject({
      class: 'cancelled',
    })
  })
})

describe('Load image where only some folders may be read', () => {
  const bounded = (inputs: string[]) => ({ ...services, files: { ...services.files, inputs } })

  test('reads what is inside', async () => {
    const { outputs } = await load([at('some/one.png')], bounded([at('some')]))
    expect(sizes(outputs.images)).toEqual([[3, 3]])
  })

  test('refuses what is outside, also through a link', async () => {
    symlinkSync(at('b10.png'), at('empty/link.png'))
    for (const path of [at('b10.png'), at('some/../b10.png'), at('empty/link.png'), folder])
      await expect(load([path], bounded([at('some'), at('empty')]))).rejects.toMatchObject({
        code: 'outside-inputs',
      })
    rmSync(at('empty/link.png'))
  })
})

describe('Load image from the web', () => {
  const open = { ...services, files: { ...services.files, allowPrivateUrls: true } }

  test('follows a redirect and labels with the name in the address', async () => {
    const { outputs, labels } = await load([`${web}/a/cat.png`, `${web}/moved`], open)
    expect(sizes(outputs.images)).toEqual([
      [5, 4],
      [5, 4],
    ])
    expect(labels.images).toEqual(['cat.png', 'moved'])
  })

  test.each([
    ['/nothing', { class: 'invalid', code: 'not-found' }],
    ['/secret', { class: 'auth' }],
    ['/busy', { class: 'unreachable', retry: true }],
    ['/round', { class: 'invalid', message: expect.stringContaining('redirect') }],
    ['/away', { class: 'invalid' }],
    ['/page', { class: 'invalid', code: 'picture-unreadable' }],
  ])('says what is wrong with %s', async (path, failure) => {
    await expect(load([web + path], open)).rejects.toMatchObject(failure)
  })

  test.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '0x7f.1',
    '10.1.2.3',
    '169.254.169.254',
  ])('does not ask %s unless private networks are allowed', async (host) => {
    const { port } = new URL(web)
    await expect(load([`http://${host}:${port}/a/cat.png`])).rejects.toMatchObject({
      class: 'invalid',
      code: 'private-address',
    })
  })

  test('says that a server cannot be reached', async () => {
    await expect(load(['http://127.0.0.1:1/a.png'], open)).rejects.toMatchObject({ class: 'unreachable' })
  })
})
