/** As much of XML as S3 answers with: elements without attributes that matter, nested a little, no text beside elements. */

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

/** The text of the first element of that name; undefined without one. */
export function textOf(xml: string, name: string): string | undefined {
  const [first] = elementsOf(xml, name)
  return first === undefined ? undefined : unescape(first)
}

/** What stands inside each element of that name, still as XML. */
export function elementsOf(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, 'gs')
  return [...xml.matchAll(pattern)].map(([, inner]) => inner)
}

function unescape(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (all, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? all
    return String.fromCodePoint(Number(name.slice(1).replace(/^x/i, '0x')))
  })
}
