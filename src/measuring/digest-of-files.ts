import { createHash } from 'node:crypto'
import { canonicalJson } from './values/index.ts'

const HEXADECIMAL_DIGITS = 12

/** First 12 hexadecimal digits of the SHA-256 over some settings and files, in whatever order, but for those passed over. */
export function digestOfFiles(
  files: ReadonlyMap<string, Uint8Array>,
  settings: object,
  passedOver: ReadonlySet<string>,
): string {
  const digest = createHash('sha256').update(canonicalJson(settings))
  for (const name of [...files.keys()].toSorted()) {
    if (passedOver.has(name)) continue
    const bytes = files.get(name) ?? new Uint8Array()
    // With its length, so that no file can pass for the end of another.
    digest.update(`\n${name} ${bytes.byteLength}\n`).update(bytes)
  }
  return digest.digest('hex').slice(0, HEXADECIMAL_DIGITS)
}
