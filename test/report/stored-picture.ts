import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const FOLDER = new URL('pictures/', import.meta.url)

/**
 * Compares text with the stored picture of that name. `UPDATE_PICTURES=1` stores it instead:
 * look at the changed pictures before they are committed.
 */
export function assertStoredPicture(name: string, text: string): void {
  const file = new URL(name, FOLDER)
  if (process.env['UPDATE_PICTURES'] === '1') {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(file, text)
    return
  }
  assert.ok(existsSync(file), `no stored picture ${name}; run the test with UPDATE_PICTURES=1`)
  assert.equal(text, readFileSync(file, 'utf8'), `${name} differs from the stored picture`)
}
