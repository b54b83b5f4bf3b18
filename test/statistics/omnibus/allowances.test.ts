import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  ALLOWED_SCORES,
  omnibusExact,
  prepareOmnibusReference,
  scoreDifferences,
} from '../../../src/statistics/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const COLUMNS = 3
const groups = [{ name: 'all', columns: [0, 1, 2], kind: 'rank+raw' }] as const

/** Normal rows whose first column is moved. */
function rows(count: number, shift: number, seed: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from(
    { length: count * COLUMNS },
    (_, i) => random.normal() + (i % COLUMNS === 0 ? shift : 0),
  )
}

const reference = prepareOmnibusReference(rows(600, 0, 1), COLUMNS)
const allowed = (amount: number) => new Float32Array(COLUMNS * ALLOWED_SCORES).fill(amount)

function pValue(window: Float32Array, allowances: Float32Array | undefined): number {
  const options = { permutations: 199, random: createRandom(2), allowances }
  return omnibusExact(reference, window, groups, options).pValue
}

describe('allowances', () => {
  it('spare a difference that is within them and no other', () => {
    const window = rows(100, 0.6, 3)
    assert.ok(pValue(window, undefined) <= 0.01)
    assert.ok(pValue(window, allowed(0.6)) > 0.05)
    assert.ok(pValue(rows(100, 1.6, 3), allowed(0.6)) <= 0.01)
  })

  it('of nothing change nothing', () => {
    const window = rows(60, 0.3, 4)
    assert.equal(pValue(window, allowed(0)), pValue(window, undefined))
  })

  it('of one column spare that column alone', () => {
    const first = allowed(0).fill(1, 0, ALLOWED_SCORES)
    const second = allowed(0).fill(1, ALLOWED_SCORES, 2 * ALLOWED_SCORES)
    const window = rows(100, 0.6, 5)
    assert.ok(pValue(window, first) > 0.05)
    assert.ok(pValue(window, second) <= 0.01)
  })

  it('are held against differences in standard deviations of the pooled rows', () => {
    const window = rows(200, 0.5, 6)
    const differences = scoreDifferences(reference, window, groups)
    // Raw value: half a standard deviation, less a little that the pooled one is larger.
    assert.ok(Math.abs(differences[ALLOWED_SCORES - 1] - 0.5) < 0.15, String(differences[4]))
    assert.ok(differences[2 * ALLOWED_SCORES - 1] < 0.2)
    // What is allowed in full leaves nothing to see.
    assert.equal(
      pValue(
        window,
        differences.map((one) => one + 1e-3),
      ),
      1,
    )
  })

  it('work where whole blocks are exchanged', () => {
    const window = rows(100, 0.6, 7)
    const blocks = {
      reference: Uint32Array.from({ length: 600 }, (_, row) => row >> 1),
      window: Uint32Array.from({ length: 100 }, (_, row) => row >> 1),
    }
    const test = (allowances: Float32Array) =>
      omnibusExact(reference, window, groups, {
        permutations: 199,
        random: createRandom(8),
        blocks,
        allowances,
      }).pValue
    assert.ok(test(allowed(0)) <= 0.01)
    assert.ok(test(allowed(0.8)) > 0.05)
  })
})
