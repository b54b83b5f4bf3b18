import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'node:test'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

describe('an output that fails', () => {
  const skip = existsSync('/dev/full') ? false : 'there is no /dev/full here'
  it('ends the command with 2 and words, never with 1', { skip }, () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `"$0" "$1" --help > /dev/full`, process.execPath, MAIN],
      {
        encoding: 'utf8',
      },
    )
    assert.equal(status, 2)
    assert.match(stderr, /^pixeldrift: expected to write the result, got ENOSPC\n$/)
  })
})
