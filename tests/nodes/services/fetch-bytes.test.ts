import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { fetchBytes } from '../../../nodes/services/web/fetch-bytes.ts'
import { isPrivateAddress } from '../../../nodes/services/web/private-addresses.ts'

const server = createServer((request, response) => {
  if (request.url === '/slow') return
  response.write(Buffer.alloc(1000))
  if (request.url === '/large') response.write(Buffer.alloc(100_000))
  response.end()
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
const web = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const { signal } = new AbortController()

describe('loading from the web', () => {
  test('answers all bytes', async () => {
    expect((await fetchBytes(`${web}/`, { signal, allowPrivate: true })).length).toBe(1000)
  })

  test('stops at the limit of bytes', async () => {
    await expect(
      fetchBytes(`${web}/large`, { signal, allowPrivate: true, limit: 5000 }),
    ).rejects.toMatchObject({
      code: 'picture-too-large',
    })
  })

  test('stops at the limit of time', async () => {
    await expect(
      fetchBytes(`${web}/slow`, { signal, allowPrivate: true, timeoutMs: 50 }),
    ).rejects.toMatchObject({
      class: 'timeout',
    })
  })

  test('takes http and https and nothing else', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://example.com/a.png', 'no address'])
      await expect(fetchBytes(url, { signal, allowPrivate: true })).rejects.toMatchObject({
        class: 'invalid',
      })
  })
})

describe('an address', () => {
  test.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    'is public: %s',
    (ip) => {
      expect(isPrivateAddress(ip)).toBe(false)
    },
  )

  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.8.8.8',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    'localhost',
    '',
  ])('is not public: %s', (ip) => {
    expect(isPrivateAddress(ip)).toBe(true)
  })
})
