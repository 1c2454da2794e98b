const endings: { readonly [mime: string]: string } = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'image/gif': '.gif',
  'image/avif': '.avif',
  'image/tiff': '.tiff',
  'application/json': '.json',
  'text/plain': '.txt',
}

/** The usual ending of a file of this type, with its dot. */
export const fileEnding = (mime: string): string => endings[mime] ?? '.bin'
