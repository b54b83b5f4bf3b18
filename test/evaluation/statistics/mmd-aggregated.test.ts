import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  laplaceBandwidths,
  mmdAggregatedTest,
} from '../../../evaluation/statistics/mmd-aggregated.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { assertClose } from '../../statistics/golden.ts'
import { parkMiller } from '../../statistics/park-miller.ts'

type Case = {
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly columnCount: number
  readonly bandwidths: number
  readonly quantileDraws: number
  readonly levelDraws: number
  readonly seed: number
  readonly statistic: number
  readonly pValue: number
  /** Those of the levels at which it rejects. */
  readonly rejectedAt: readonly number[]
}

/** Made by test/golden/mmd-aggregated.py with NumPy, from the published algorithm. */
const golden = JSON.parse(
  readFileSync(new URL('../../golden/mmd-aggregated.json', import.meta.url), 'utf8'),
) as { readonly levels: readonly number[]; readonly cases: readonly Case[] }

describe('the aggregated maximum mean discrepancy', () => {
  it('decides and gives the p-value of the published algorithm, draw by draw', () => {
    for (const { first, second, columnCount, seed, rejectedAt, ...expected } of golden.cases) {
      const samples = {
        first: Float32Array.from(first),
        second: Float32Array.from(second),
        columnCount,
      }
      const { bandwidths, quantileDraws, levelDraws } = expected
      const options = { bandwidths, quantileDraws, levelDraws }
      const rejected = golden.levels.filter((level) => {
        const found = mmdAggregatedTest(samples, { ...options, level, random: parkMiller(seed) })
        assertClose(found.statistic, expected.statistic)
        assertClose(found.pValue, expected.pValue)
        return found.reject
      })
      assert.deepEqual(rejected, rejectedAt)
    }
  })

  it('draws 2,000 times for the quantiles and for the level of 10 bandwidths unless told otherwise', () => {
    const random = createRandom(1)
    const samples = {
      first: new Float32Array(12).map(() => random.normal()),
      second: new Float32Array(12).map(() => 2 * random.normal()),
      columnCount: 1,
    }
    const found = mmdAggregatedTest(samples, { random: parkMiller(3) })
    const told = { level: 0.05, bandwidths: 10, quantileDraws: 2000, levelDraws: 2000 }
    assert.deepEqual(mmdAggregatedTest(samples, { ...told, random: parkMiller(3) }), found)
    const fewer = mmdAggregatedTest(samples, { bandwidths: 9, random: parkMiller(3) })
    assert.notDeepEqual(fewer, found)
  })
})

describe('its collection of bandwidths', () => {
  /** Distances of two samples whose rows stand `across` from each other. */
  const distances = (across: readonly (readonly number[])[]): Float32Array => {
    const rows = across.length
    const all = new Float32Array(4 * rows * rows).fill(99)
    across.forEach((row, i) => {
      row.forEach((distance, j) => {
        all[i * 2 * rows + rows + j] = distance
        all[(rows + j) * 2 * rows + i] = distance
      })
    })
    return all
  }

  it('goes from half the smallest distance between the samples to twice the largest, evenly by factor', () => {
    const found = laplaceBandwidths(
      distances([
        [2, 3],
        [4, 16],
      ]),
      6,
    )
    ;[1, 2, 4, 8, 16, 32].forEach((expected, i) => assertClose(found[i], expected, 1e-6))
    assert.equal(found.length, 6)
  })

  it('takes the twentieth part of the distances where the smallest is below a tenth, and a tenth at least', () => {
    const rows = 5
    const across = (nearest: readonly number[]) =>
      distances(
        Array.from({ length: rows }, (_, i) =>
          Array.from({ length: rows }, (__, j) => nearest[i * rows + j] ?? 8),
        ),
      )
    // Of 25 distances the one of rank 25 / 20, counted from 0.
    assertClose(laplaceBandwidths(across([0.05, 0.4]), 2)[0], 0.2, 1e-6)
    assertClose(laplaceBandwidths(across([0.05, 0.06]), 2)[0], 0.05, 1e-6)
    assertClose(laplaceBandwidths(across([0.15, 0.4]), 2)[0], 0.075, 1e-6)
  })

  it('ends at twice three tenths at least', () => {
    assertClose(laplaceBandwidths(distances([[0.2]]), 2)[1], 0.6, 1e-6)
    assertClose(laplaceBandwidths(distances([[0.4]]), 2)[1], 0.8, 1e-6)
  })

  it('looks at 500 rows of each sample at most', () => {
    const rows = 501
    const all = new Float32Array(4 * rows * rows).fill(5)
    // The last row of the first sample, and the last of the second, are the only ones so near and so far.
    all[500 * 2 * rows + rows] = 1
    all[rows + 500] = 40
    assert.deepEqual(laplaceBandwidths(all, 2), [2.5, 10])
    all[499 * 2 * rows + rows + 499] = 4
    assert.deepEqual(laplaceBandwidths(all, 2), [2, 10])
  })
})
