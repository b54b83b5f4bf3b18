import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  fitGaussianiser,
  type Gaussianiser,
  gaussianise,
  knotCount,
} from '../../../src/representations/outlier-score/gaussianiser.ts'
import { wholeRows } from '../../../src/representations/feature-table.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

/** One kind of column each: spread, ties, constants, mostly one value, tiny and large values. */
const kinds: readonly ((random: Random) => number)[] = [
  (random) => random.normal(),
  (random) => random.integer(4) / 3,
  () => 1,
  () => 0,
  (random) => (random.uniform() < 0.9 ? 0 : random.uniform()),
  (random) => 1e-8 * random.uniform(),
  (random) => 100 + 1e-4 * random.uniform(),
  (random) => -(random.uniform() ** 3),
]

function table(rows: number, random: Random): Float32Array {
  return Float32Array.from({ length: rows * kinds.length }, (_, i) =>
    kinds[i % kinds.length](random),
  )
}

/** The score of one value by its definition: between two knots, or in standard deviations beyond the outermost. */
function scoreOf({ knots, scores, scales }: Gaussianiser, k: number, value: number): number {
  const x = knots.subarray(k * knotCount, (k + 1) * knotCount)
  const y = scores.subarray(k * knotCount, (k + 1) * knotCount)
  const edge = value <= x[0] ? 0 : value >= x[knotCount - 1] ? knotCount - 1 : undefined
  if (edge !== undefined) {
    const distance = value - x[edge]
    if (scales[k] > 0) return y[edge] + distance / scales[k]
    return Math.abs(distance) > 1e-5 * Math.abs(x[edge]) ? distance * Infinity : y[edge]
  }
  const i = x.findLastIndex((knot) => knot <= value)
  return y[i] + ((value - x[i]) / (x[i + 1] - x[i])) * (y[i + 1] - y[i])
}

describe('normal scores', () => {
  for (const rows of [6, 40, 2000]) {
    it(`agree with interpolation of one value at a time, fitted on ${rows} rows`, () => {
      const random = createRandom(rows)
      const map = fitGaussianiser(table(rows, random), kinds.length)
      const fresh = table(301, random).map((value) =>
        random.uniform() < 0.3 ? value * (1 + random.normal()) : value,
      )
      const scores = gaussianise(map, wholeRows(fresh, map.size))
      scores.forEach((score, i) => {
        const expected = scoreOf(map, i % kinds.length, fresh[i])
        const clipped = Math.min(10, Math.max(-10, expected))
        assert.ok(Math.abs(score - clipped) < 2e-6, `${fresh[i]}: ${score}, ${clipped}`)
      })
    })
  }

  it('are the same for a row alone as among others', () => {
    const random = createRandom(1)
    const map = fitGaussianiser(table(100, random), kinds.length)
    const fresh = table(7, random)
    const together = gaussianise(map, wholeRows(fresh, map.size))
    for (let row = 0; row < 7; row++) {
      const [start, end] = [row * kinds.length, (row + 1) * kinds.length]
      assert.deepEqual(
        gaussianise(map, wholeRows(fresh.subarray(start, end), map.size)),
        together.subarray(start, end),
      )
    }
  })
})
