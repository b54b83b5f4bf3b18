import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BEFORE, delaySeed, openDelayStream } from '../../../evaluation/stream/delay-stream.ts'

/** Clean rows are 0, 1, 2, …; changed ones the negative of the first of them. */
const clean = { width: 1, values: Float32Array.from({ length: 4000 }, (_, i) => i) }
const changed = { width: 1, values: Float32Array.from({ length: 1000 }, (_, i) => -i - 1) }

function take(share: number, seed: number, count: number): number[] {
  const next = openDelayStream({ clean, changed }, { share, seed })
  return Array.from({ length: count }, () => next()[0])
}

describe('a stream with a change', () => {
  it('is clean before, and then changed in the stated share of its images', () => {
    for (const share of [1, 0.5, 0.1]) {
      const rows = take(share, 1, BEFORE + 800)
      assert.ok(rows.slice(0, BEFORE).every((row) => row >= 0))
      const after = rows.slice(BEFORE).filter((row) => row < 0).length / 800
      assert.ok(Math.abs(after - share) < 0.06, `${after}`)
      if (share === 1) assert.equal(after, 1)
    }
  })

  it('shows each image once, and none that a changed one is made of', () => {
    const rows = take(0.5, 2, BEFORE + 1500)
    assert.equal(new Set(rows).size, rows.length)
    assert.ok(rows.every((row) => row < 0 || row >= 1000))
  })

  it('is the same for the same cell and run', () => {
    const cell = { data: 'mnist', change: 'noise', share: 0.5 }
    const [first, again, other] = [0, 0, 1].map((run) => take(0.5, delaySeed(cell, run), 1200))
    assert.deepEqual(first, again)
    assert.notDeepEqual(first, other)
  })
})
