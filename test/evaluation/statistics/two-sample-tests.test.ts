import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  kolmogorovSmirnovTail,
  kolmogorovSmirnovTest,
} from '../../../evaluation/statistics/kolmogorov-smirnov.ts'
import { mannWhitneyTest } from '../../../evaluation/statistics/mann-whitney.ts'
import type { Random } from '../../../src/tensor/index.ts'
import { describeTwoSampleTest } from '../../contracts/two-sample-test.ts'
import { assertClose, golden } from '../../statistics/golden.ts'

function normals(random: Random, shifted: boolean): Float32Array {
  return new Float32Array(20).map(() => random.normal() + (shifted ? 2 : 0))
}

function tied(random: Random, shifted: boolean): Float32Array {
  return new Float32Array(40).map(() => random.integer(3) + (shifted ? 2 : 0))
}

describeTwoSampleTest('Kolmogorov–Smirnov', {
  test: kolmogorovSmirnovTest,
  draw: normals,
  // Of 20 against 20 there are few distances: 0.0040 and 0.0335 are the levels below 0.01 and 0.05.
  attains: 0.4,
})
describeTwoSampleTest('Kolmogorov–Smirnov with ties', {
  test: kolmogorovSmirnovTest,
  draw: tied,
  attains: 0.1,
})
describeTwoSampleTest('Mann–Whitney', { test: mannWhitneyTest, draw: normals })
describeTwoSampleTest('Mann–Whitney with ties', { test: mannWhitneyTest, draw: tied })

for (const pair of golden.twoSamples) {
  const exact = pair.first.length * pair.second.length <= 10_000

  test(`Kolmogorov–Smirnov agrees with SciPy on the ${pair.name} samples`, () => {
    const { statistic, pValue } = kolmogorovSmirnovTest(pair.first, pair.second)
    assertClose(statistic, pair.kolmogorovSmirnov[0])
    // Beyond the exact range the corrected limit is good to a few percent.
    assertClose(pValue, pair.kolmogorovSmirnov[1], exact ? 1e-9 : 0.05)
  })

  test(`Mann–Whitney agrees with SciPy on the ${pair.name} samples`, () => {
    const { statistic, pValue } = mannWhitneyTest(pair.first, pair.second)
    assertClose(statistic, pair.mannWhitney[0])
    assertClose(pValue, pair.mannWhitney[1])
  })
}

test('the exact Kolmogorov–Smirnov tail keeps its digits where 1 − F would lose them', () => {
  // Complete separation of two samples of 50: 2 of C(100, 50) orders.
  assertClose(kolmogorovSmirnovTail(1, 50, 50), 2 / 1.0089134454556417e29, 1e-9)
})

test('distances of samples of up to 10,000 pairs are judged exactly, of larger ones by Stephens’ limit', () => {
  const { exact, limit } = golden.kolmogorovSmirnovTails
  for (const [distance, n, m, pValue] of [...exact, ...limit]) {
    assertClose(kolmogorovSmirnovTail(distance, n, m), pValue)
  }
})

test('two samples that do not meet are as far apart as can be, single values included', () => {
  for (const [first, second] of [
    [[0], [1, 2, 3]],
    [
      [7, 8],
      [1, 2, 3],
    ],
    [[2], [1]],
  ]) {
    assert.equal(kolmogorovSmirnovTest(first, second).statistic, 1)
    assert.equal(kolmogorovSmirnovTest(second, first).statistic, 1)
  }
})

test('small samples are ranked exactly up to 400 pairs without ties, larger ones by the normal limit', () => {
  const shifted = (count: number) => Array.from({ length: count }, (_, i) => i + 6.5)
  const first = Array.from({ length: 20 }, (_, i) => i)
  // SciPy's mannwhitneyu, methods 'exact' and 'asymptotic'.
  assertClose(mannWhitneyTest(first, shifted(20)).pValue, 0.0026426305915593523)
  assertClose(mannWhitneyTest(first, shifted(21)).pValue, 0.001996717274377958)
})

test('the exact Mann–Whitney p-value is the share of orders that are as uneven', () => {
  for (const [n, m] of [
    [1, 1],
    [2, 3],
    [4, 3],
    [5, 5],
    [3, 6],
  ]) {
    // Every choice of the places that the first sample has among all, as bits.
    const places = Array.from({ length: n + m }, (_, place) => place)
    const orders = Array.from({ length: 2 ** (n + m) }, (_, bits) =>
      places.filter((place) => (bits >> place) % 2 === 1),
    ).filter(({ length }) => length === n)
    const uneven = orders.map((own) => {
      const wins = own.reduce((sum, place, i) => sum + place - i, 0)
      return Math.max(wins, n * m - wins)
    })
    orders.forEach((own, i) => {
      const { statistic, pValue } = mannWhitneyTest(
        own,
        places.filter((place) => !own.includes(place)),
      )
      assertClose(statistic, uneven[i])
      const asUneven = uneven.filter((one) => one >= uneven[i]).length
      // Twice one tail: both hold the middle.
      assert.ok(pValue <= 1)
      if (pValue < 1) assertClose(pValue, asUneven / orders.length)
      else assert.ok(2 * uneven[i] <= n * m + 1)
    })
  }
})

test('ranks of a few tied values have their own small variance, and none where all are equal', () => {
  // |0.5 · 2| − 0.5 over the square root of (2 / 12) (4 − 6 / 6).
  assertClose(mannWhitneyTest([0], [1, 1]).pValue, 0.47950012218695337)
  assert.equal(mannWhitneyTest([1, 1], [1, 1]).pValue, 1)
})
