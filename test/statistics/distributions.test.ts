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

test('a Beta variable lies within [0, 1], and so do its quantiles', () => {
  for (const rule of [distributions.betaCdf, distributions.betaQuantile]) {
    assert.deepEqual(
      [-1, 0, 1, 1.5].map((x) => rule(x, 2, 3)),
      [0, 0, 1, 1],
    )
  }
})

test('what is never negative is always at least 0, or less than it', () => {
  for (const x of [0, -1]) {
    assert.equal(distributions.chiSquaredTail(x, 3), 1)
    assert.equal(distributions.kolmogorovTail(x), 1)
  }
})

test('a normal number is as far out on either side', () => {
  for (const tail of [distributions.normalTwoSided, distributions.logNormalTwoSided]) {
    for (const z of [0.5, 3, 25]) assert.equal(tail(-z), tail(z))
  }
})

test('what certainly comes or never does comes as often as that', () => {
  assert.equal(distributions.logBinomial(0, 5, 0), 0)
  assert.equal(distributions.logBinomial(5, 5, 1), 0)
})
