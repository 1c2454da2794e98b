import type { BlobRef } from '../../runtime/values.ts'

/** Small pictures for the examples of nodes: their documentation and their tests. */
export const examplePictures = {
  /** A red house on a hill, 48 × 32, with its infotext. */
  house: picture('62b8d2f2777b714de463ef1405b53d08f107829d8a6a634226f8dad810065a58', 421, 48, 32),
  /** A red disc on nothing, 16 × 16, with transparency. */
  badge: picture('86ca0d05b98bf8e8eb6fe6cafc9e524f249cb38091fe486b3bedb4cfbd701747', 156, 16, 16),
  /** White where the house stands. */
  mask: picture('7ba78041670d4b0607a06b9fd57cf1dbcd68b1fc7fa850942a0703930eb897f7', 107, 48, 32),
} as const

/** Their bytes by sha256, as base64. */
export const exampleBytes: Readonly<Record<string, string>> = {
  '62b8d2f2777b714de463ef1405b53d08f107829d8a6a634226f8dad810065a58':
    'iVBORw0KGgoAAAANSUhEUgAAADAAAAAgBAMAAACm+uYvAAAAy3RFWHRwYXJhbWV0ZXJzAGEgcmVkIGhvdXNlIG9uIGEgaGls' +
    'bCwgZmxhdCBkcmF3aW5nCk5lZ2F0aXZlIHByb21wdDogcGVvcGxlClN0ZXBzOiAyMCwgU2FtcGxlcjogRFBNKysgMk0sIFNj' +
    'aGVkdWxlIHR5cGU6IEthcnJhcywgQ0ZHIHNjYWxlOiA3LCBTZWVkOiA3LCBTaXplOiA0OHgzMiwgTW9kZWw6IHBsYW5vZ3Jh' +
    'cGgtZGVtbywgVmVyc2lvbjogUGxhbm9ncmFwaECWp/cAAAASUExURV+oS47J8MhJP2s/Kv/SV/bnwddr7L0AAAAJcEhZcwAA' +
    'CxMAAAsTAQCanBgAAABiSURBVCiRYxDEARioIuHigl1CxMXFEauEiwtICzESxjgkhI0NsUsYGxtjtVzY2BihRRBJwhgEBDE9' +
    'CNIA14IsARZH1sKArAFZC0yHEgQIDpCEamgQrSSgACoB4yIATonBBQAIkjim1rTngwAAAABJRU5ErkJggg==',
  '86ca0d05b98bf8e8eb6fe6cafc9e524f249cb38091fe486b3bedb4cfbd701747':
    'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAgMAAABinRfyAAAABlBMVEVMaXHlSE0FuEt2AAAAAXRSTlMAQObYZgAAAAlwSFlz' +
    'AAALEwAACxMBAJqcGAAAAC9JREFUCJljYAAD0RAGBobQUAYGxtBQBwbW0NAABtHQ0BDcBFgJWDFYG8QABgYGAO0rDG39xGIh' +
    'AAAAAElFTkSuQmCC',
  '7ba78041670d4b0607a06b9fd57cf1dbcd68b1fc7fa850942a0703930eb897f7':
    'iVBORw0KGgoAAAANSUhEUgAAADAAAAAgCAAAAABxv6TAAAAACXBIWXMAAAsTAAALEwEAmpwYAAAAHUlEQVQ4y2NgGAW0Bv8x' +
    'wKiGUQ2jGgaRhlGAAwAA7eNUuosyI28AAAAASUVORK5CYII=',
}

function picture(blob: string, bytes: number, width: number, height: number): BlobRef {
  return { blob, mime: 'image/png', bytes, width, height }
}
