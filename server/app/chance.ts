import { randomBytes } from 'node:crypto'

/** [0, 1), from the system's source of randomness. */
export function chance(): number {
  const bytes = randomBytes(6)
  return bytes.readUIntBE(0, 6) / 2 ** 48
}
