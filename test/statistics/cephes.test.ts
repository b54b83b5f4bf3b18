import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { cephes } from '../../src/statistics/cephes/cephes.ts'

const root = join(import.meta.dirname, '..', '..')

describe('Cephes', () => {
  it('is what the package holds, to the last byte', () => {
    const script = join(root, 'scripts', 'cephes.ts')
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], {
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
  })

  it('gives values of tables', () => {
    assert.equal(cephes.lgam(1), 0)
    assert.ok(Math.abs(cephes.lgam(0.5) - Math.log(Math.sqrt(Math.PI))) < 1e-15)
    assert.equal(cephes.ndtr(0), 0.5)
    assert.ok(Math.abs(cephes.ndtri(0.975) - 1.959963984540054) < 1e-14)
    assert.ok(Math.abs(cephes.incbet(2, 2, 0.25) - 0.15625) < 1e-15)
    assert.ok(Math.abs(cephes.incbi(2, 2, 0.15625) - 0.25) < 1e-14)
    assert.ok(Math.abs(cephes.chdtrc(2, 2) - Math.exp(-1)) < 1e-15)
    assert.ok(Math.abs(cephes.kolmogorov(1.358_098_7) - 0.05) < 1e-6)
  })

  it('says where it was asked for what there is not', () => {
    assert.throws(() => cephes.ndtri(0), {
      name: 'RangeError',
      message: 'Cephes reports argument domain error in ndtri',
    })
  })
})
