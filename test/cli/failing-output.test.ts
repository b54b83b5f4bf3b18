import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { before, describe, it } from 'node:test'
import { blobImages } from '../fixtures/blob-images.ts'
import { writeImageFolder } from '../fixtures/image-folder.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const DETECTOR = fileURLToPath(
  new URL('../fixtures/artifacts/version-1.pixeldrift', import.meta.url),
)
const folder = temporaryFolder()
const images = join(folder, 'images')

before(() => writeImageFolder(images, blobImages({ count: 6, seed: 2, side: 8 })))

/** A check whose output goes where `behind` says. */
function check(behind: string, flags: readonly string[] = []) {
  return spawnSync(
    'sh',
    ['-c', `"$0" "$@" ${behind}`, process.execPath, MAIN, 'check', DETECTOR, images, ...flags],
    { encoding: 'utf8' },
  )
}

describe('an output that fails', () => {
  const skip = existsSync('/dev/full') ? false : 'there is no /dev/full here'
  it('ends the command with 2 and words, never with 1', { skip }, () => {
    const help = ['-c', `"$0" "$1" --help > /dev/full`, process.execPath, MAIN]
    for (const { status, stderr } of [
      spawnSync('sh', help, { encoding: 'utf8' }),
      check('> /dev/full'),
    ]) {
      assert.equal(status, 2)
      assert.match(stderr, /pixeldrift: expected to write the result, got ENOSPC\n$/)
      assert.doesNotMatch(stderr, /^ +at /m)
    }
  })
})

describe('a report to what is the standard output by another name', () => {
  const skip = existsSync('/proc/self/fd') ? false : 'there is no /proc here'
  it('is written through the link, which stays', { skip }, () => {
    const [link, out] = [join(folder, 'link'), join(folder, 'out')]
    symlinkSync('/proc/self/fd/1', link)
    const { status, stderr } = check(`> '${out}'`, ['--report', link])
    assert.ok(status === 0 || status === 1, stderr)
    assert.ok(lstatSync(link).isSymbolicLink())
    const text = readFileSync(out, 'utf8')
    assert.match(text, /<!doctype html>/i)
    assert.match(text, /<\/html>/)
  })
})
