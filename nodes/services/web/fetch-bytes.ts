import { lookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { PlanographError } from '../../../runtime/errors.ts'
import { isPrivateAddress } from './private-addresses.ts'

export interface FetchOptions {
  signal: AbortSignal
  /** Whether the address may lie in a private, loopback or link-local network. */
  allowPrivate: boolean
  /** Bytes at most. */
  limit?: number
  /** For everything, redirects included. */
  timeoutMs?: number
}

const maxRedirects = 5

/**
 * The bytes behind an http(s) URL. The address is checked after its name was resolved and the connection goes to that
 * very address, so a name that changes its mind does not help; redirects are checked again.
 * Throws `invalid`, `unreachable`, `auth`, `rate-limit`, `timeout` or `cancelled`.
 */
export async function fetchBytes(
  address: string,
  { signal, allowPrivate, limit = 64 * 1024 * 1024, timeoutMs = 30_000 }: FetchOptions,
): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const either = AbortSignal.any([signal, timeout])
  let url = parseUrl(address)
  try {
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const response = await open(url, either, allowPrivate)
      const next = redirectOf(response, url)
      if (!next) return await bodyOf(response, url, limit)
      response.destroy()
      url = next
    }
  } catch (error) {
    if (signal.aborted) throw new PlanographError('cancelled', `Loading ${address} was cancelled.`)
    if (timeout.aborted) throw tooSlow(url, timeoutMs)
    throw error
  }
  throw new PlanographError('invalid', `${address} leads from one redirect to the next.`, {
    hint: 'Open it in a browser and use the address where the picture really is.',
  })
}

function parseUrl(address: string, base?: URL): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new PlanographError('invalid', `"${address}" is not an address that can be loaded.`, {
    hint: 'Use one that begins with https:// or http://.',
  })
}

function open(url: URL, signal: AbortSignal, allowPrivate: boolean): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host)) return Promise.reject(privateAddress(url))
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const options = { signal, lookup: checkedLookup(url, allowPrivate), headers: { accept: 'image/*' } }
    request(url, options, resolve)
      .on('error', (error) => reject(error instanceof PlanographError ? error : unreachable(url, error)))
      .end()
  })
}

/** Resolves a name and refuses it when any of its addresses is private: the connection may go to any of them. */
function checkedLookup(url: URL, allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      if (!allowPrivate && addresses.some(({ address }) => isPrivateAddress(address)))
        return callback(privateAddress(url), '')
      const [first] = addresses
      if (options.all || !first) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function redirectOf(response: IncomingMessage, url: URL): URL | undefined {
  const { statusCode = 0, headers } = response
  const redirects = [301, 302, 303, 307, 308].includes(statusCode)
  return redirects && headers.location ? parseUrl(headers.location, url) : undefined
}

async function bodyOf(response: IncomingMessage, url: URL, limit: number): Promise<Uint8Array> {
  const refusal = refusalOf(response, url)
  if (refusal) {
    response.destroy()
    throw refusal
  }
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of response) {
      const piece: Buffer = part
      bytes += piece.length
      if (bytes > limit) throw tooMuch(url, limit)
      parts.push(piece)
    }
  } catch (error) {
    throw error instanceof PlanographError ? error : unreachable(url, error)
  }
  return new Uint8Array(Buffer.concat(parts))
}

function refusalOf({ statusCode = 0 }: IncomingMessage, url: URL): PlanographError | undefined {
  if (statusCode >= 200 && statusCode < 300) return undefined
  const message = `${url.href} answers with status ${statusCode}.`
  if (statusCode === 401 || statusCode === 403)
    return new PlanographError('auth', message, {
      hint: 'The server wants a login. Save the picture and load the file.',
    })
  if (statusCode === 429) return new PlanographError('rate-limit', message)
  if (statusCode >= 500) return new PlanographError('unreachable', message, { hint: 'Try again later.' })
  return new PlanographError('invalid', message, {
    code: 'not-found',
    hint: 'Open it in a browser: is the picture still there?',
  })
}

function privateAddress(url: URL) {
  return new PlanographError('invalid', `${url.hostname} is an address inside a private network.`, {
    code: 'private-address',
    hint: 'Use a public address, load the picture as a file, or allow private addresses in the settings.',
  })
}

function unreachable(url: URL, cause: unknown) {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new PlanographError('unreachable', `${url.host} cannot be reached: ${reason}.`, {
    hint: 'Check the address and the network.',
    cause,
  })
}

function tooSlow(url: URL, timeoutMs: number) {
  return new PlanographError('timeout', `${url.href} was not loaded within ${timeoutMs / 1000} seconds.`, {
    hint: 'Try again, or save the picture and load the file.',
  })
}

function tooMuch(url: URL, limit: number) {
  return new PlanographError('invalid', `${url.href} is larger than ${Math.round(limit / 2 ** 20)} MB.`, {
    code: 'picture-too-large',
    hint: 'Save it, make it smaller and load the file.',
  })
}
