const letters = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A new id that sorts by the time it was made (to the millisecond): nine characters of time, a dash, six of chance.
 * Base 32 without i, l, o and u, so that it can be read aloud.
 */
export function newId(now: number, random: () => number): string {
  const time = Array.from({ length: 9 }, (_, place) => letters[Math.floor(now / 32 ** (8 - place)) % 32])
  const chance = Array.from({ length: 6 }, () => letters[Math.floor(random() * 32)])
  return `${time.join('')}-${chance.join('')}`
}
