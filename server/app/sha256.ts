import * as crypto from 'node:crypto'

/** sha256 in hexadecimal. The one-shot function of Node 20.12 is twice as fast as a hash object. */
export function sha256(content: string | Uint8Array): string {
  return crypto.hash('sha256', content, 'hex')
}
