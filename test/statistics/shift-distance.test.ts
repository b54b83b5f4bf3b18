import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { prepareOmnibusReference, shiftDistance } from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { assertClose, golden } from './golden.ts'

const normals = (count: number, seed: number, [mean, deviation] = [0, 1]): Float32Array => {
  const random = createRandom(seed)
  return Float32Array.from({ length: count }, () => mean + deviation * random.normal())
}

const distance = (known: Float32Array, own: Float32Array): number =>
  shiftDistance(prepareOmnibusReference(known, 1), own, 0)

describe('the distance a column moved', () => {
  it('agrees with SciPy, ties, small samples and several columns included', () => {
    for (const { columnCount, reference, window, distances } of golden.shiftDistances) {
      const prepared = prepareOmnibusReference(Float32Array.from(reference), columnCount)
      const found = distances.map((_, column) =>
        shiftDistance(prepared, Float32Array.from(window), column),
      )
      found.forEach((one, column) => assertClose(one, distances[column], 1e-6))
    }
  })

  it('is the shift in standard deviations, whatever the unit', () => {
    for (const unit of [1, 250]) {
      const moved = distance(normals(5000, 1, [3, unit]), normals(2000, 2, [3 + 0.8 * unit, unit]))
      assert.ok(Math.abs(moved - 0.8) < 0.06, `${moved} in units of ${unit}`)
    }
  })

  it('is the area between two distribution functions: by hand', () => {
    // F jumps at 0 and 10, G at 4 and 10: the gap is 1/2 over four units; the spread of {0, 10} is 5.
    const reference = Float32Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 0 : 10))
    const window = Float32Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 4 : 10))
    assert.ok(Math.abs(distance(reference, window) - 2 / 5) < 0.001)
  })

  it('grows in proportion to the share of rows that moved', () => {
    const known = normals(10_000, 1)
    const at = (share: number) =>
      distance(
        known,
        normals(4000, 2).map((value, i) => (i < share * 4000 ? value + 5 : value)),
      )
    const whole = at(1)
    for (const share of [0.1, 0.5]) {
      assert.ok(Math.abs(at(share) / whole - share) < 0.01, `${share}: ${at(share) / whole}`)
    }
  })

  it('is hardly anything between samples of one distribution, at any size', () => {
    for (const count of [20, 100, 2000]) {
      const found = Array.from({ length: 60 }, (_, i) =>
        distance(normals(2000, 100 + i), normals(count, 500 + i)),
      )
      const median = found.toSorted((a, b) => a - b)[30]
      assert.ok(median < 0.5 / Math.sqrt(count), `${median} at ${count}`)
    }
  })

  it('is finite where a single row differs from all others', () => {
    for (const other of [1, 3]) {
      const known = new Float32Array(50).fill(2)
      known[20] = other
      // The deviation of one row of fifty that is one away: √49 / 50.
      const found = distance(known, new Float32Array(50).fill(7))
      const between = 5 + (2 - other) / 50
      const within = Math.sqrt(0.02 * 0.98)
      const chance = Math.sqrt((2 / Math.PI) * (2 / 50)) * within
      assertClose(found, Math.sqrt(between ** 2 - chance ** 2) / (Math.sqrt(49) / 50), 1e-6)
    }
  })

  it('of a constant is nothing, or infinite when it moved', () => {
    const known = new Float32Array(50).fill(2)
    assert.equal(distance(known, new Float32Array(10).fill(2)), 0)
    assert.equal(distance(known, new Float32Array(10).fill(3)), Infinity)
  })
})
