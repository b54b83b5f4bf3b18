import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'

/** A file beside the other golden values. */
export const golden = (name: string): Buffer =>
  readFileSync(new URL(`../golden/${name}`, import.meta.url))

/** JPEGs made by test/golden/jpegs.py, by name: `number-sampling-coding.jpg`. */
export async function goldenJpegs(): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const archive = Readable.from([golden('jpegs.tar.gz')])
    .pipe(createGunzip())
    .pipe(extract())
  for await (const entry of archive) {
    const parts: Uint8Array[] = []
    for await (const part of entry as AsyncIterable<Uint8Array>) parts.push(part)
    files.set(entry.header.name, Buffer.concat(parts))
  }
  return files
}
