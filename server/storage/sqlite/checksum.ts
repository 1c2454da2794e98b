import { crc32 } from 'node:zlib'

/** Of an event row: the body, then where it belongs, so that a good body in a wrong place is noticed too. */
export function eventChecksum(bodySum: number, run: string, seq: number, epoch: number): number {
  return crc32(`${run}|${seq}|${epoch}`, bodySum)
}

export function checksum(text: string): number {
  return crc32(text)
}
