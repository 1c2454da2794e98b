/**
 * A whole workflow in JPEG and WebP files: one XMP packet with the property `planograph:workflow`. XMP and not EXIF's
 * ImageDescription, because galleries show that one as the caption.
 */
const namespace = 'urn:planograph:xmp:1.0/'
const property = 'planograph:workflow'

/** An XMP packet that holds only this text. */
export function writeXmp(workflow: string): Uint8Array {
  return new TextEncoder().encode(
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      `<rdf:Description rdf:about="" xmlns:planograph="${namespace}">` +
      `<${property}>${escapeXml(workflow)}</${property}>` +
      '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>',
  )
}

/** The workflow's text in a packet, also where another program wrote it anew as an attribute. */
export function readXmp(packet: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(packet)
  const found =
    between(text, `<${property}>`, `</${property}>`) ??
    between(text, `${property}="`, '"') ??
    between(text, `${property}='`, "'")
  return found === undefined ? undefined : unescapeXml(found)
}

function between(text: string, start: string, end: string): string | undefined {
  const from = text.indexOf(start)
  const to = from < 0 ? -1 : text.indexOf(end, from + start.length)
  return to < 0 ? undefined : text.slice(from + start.length, to)
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}
const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const escapeXml = (text: string) => text.replace(/[&<>"\n\r\t]/g, (c) => escapes[c] ?? c)

const unescapeXml = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined
    return code === undefined ? (names[name] ?? whole) : String.fromCodePoint(Math.min(code, 0x10ffff))
  })
