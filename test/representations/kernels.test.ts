import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const root = join(import.meta.dirname, '..', '..')

describe('kernels', () => {
  it('are compiled from the sources beside src, to the last byte', () => {
    const script = join(root, 'scripts', 'kernels.ts')
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], {
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
  })
})
