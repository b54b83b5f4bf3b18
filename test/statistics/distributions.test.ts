import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as distributions from '../../src/statistics/distributions.ts'
import { assertClose, golden } from './golden.ts'

const functions: Readonly<Record<string, (...values: number[]) => number>> = {
  normalTwoSided: distributions.normalTwoSided,
  logNormalTwoSided: distributions.logNormalTwoSided,
  normalQuantile: distributions.normalQuantile,
  chiSquaredTail: distributions.chiSquaredTail,
  betaCdf: distributions.betaCdf,
  betaQuantile: distributions.betaQuantile,
  kolmogorovTail: distributions.kolmogorovTail,
  logBinomial: distributions.logBinomial,
}

for (const [name, rows] of Object.entries(golden.distributions)) {
  test(`${name} agrees with SciPy, far into the tail too`, () => {
    assert.ok(rows.length > 1)
    for (const row of rows) {
      assertClose(functions[name](...row.slice(0, -1)), row[row.length - 1], 1e-8)
    }
  })
}

test('counts that cannot occur have no chance', () => {
  const impossible = [
    [1, 5, 0],
    [4, 5, 1],
    [-1, 5, 0.5],
    [6, 5, 0.5],
  ] as const
  for (const [k, trials, p] of impossible) {
    assert.equal(distributions.logBinomial(k, trials, p), -Infinity)
  }
})

test('a Beta variable lies within [0, 1]', () => {
  const found = [-1, 0, 1, 2].map((x) => distributions.betaCdf(x, 2, 3))
  assert.deepEqual(found, [0, 0, 1, 1])
})
