import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchThreshold, thresholdRank } from '../../../evaluation/statistics/batch-threshold.ts'
import { binomialTest } from '../../../evaluation/statistics/binomial.ts'
import { chiSquaredTest } from '../../../evaluation/statistics/chi-squared.ts'
import { clopperPearsonInterval, ratioOfMeans } from '../../../evaluation/statistics/confidence.ts'
import { wilsonInterval } from '../../../src/statistics/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { describeTwoSampleTest } from '../../contracts/two-sample-test.ts'
import { assertClose, golden } from '../../statistics/golden.ts'

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

describeTwoSampleTest('χ² of counts', {
  test: chiSquaredTest,
  draw(random: Random, shifted: boolean) {
    const counts = new Float64Array(5)
    for (let i = 0; i < 300; i++) counts[random.integer(shifted ? 4 : 5)]++
    return counts
  },
})

test('χ² agrees with SciPy and leaves out categories empty in both', () => {
  for (const [first, second, statistic, pValue] of golden.counts.chiSquared) {
    const found = chiSquaredTest(first, second)
    assertClose(found.statistic, statistic)
    assertClose(found.pValue, pValue)
  }
})

test('the binomial test agrees with SciPy on both sides', () => {
  for (const [successes, trials, chance, pValue] of golden.counts.binomial) {
    assertClose(binomialTest(successes, trials, chance).pValue, pValue)
  }
})

test('the binomial test sums every outcome that is no likelier, whatever the counts and the chance', () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k)
  for (const trials of [1, 2, 3, 6, 7, 11]) {
    for (const chance of [0.01, 0.2, 1 / 3, 0.4, 0.5, 0.62, 0.75, 0.97]) {
      const chances = Array.from(
        { length: trials + 1 },
        (_, k) => choose(trials, k) * chance ** k * (1 - chance) ** (trials - k),
      )
      chances.forEach((own, successes) => {
        const found = binomialTest(successes, trials, chance)
        const expected = chances.filter((one) => one <= own * (1 + 1e-9))
        assertClose(found.pValue, Math.min(1, sum(expected)))
        assertClose(found.statistic, Math.abs(successes / trials - chance))
      })
    }
  }
})

test('intervals of a rate agree with SciPy', () => {
  for (const [successes, trials, wilson, exact] of golden.counts.intervals) {
    const score = wilsonInterval(successes, trials)
    const clopperPearson = clopperPearsonInterval(successes, trials)
    assertClose(score.low, wilson[0])
    assertClose(score.high, wilson[1])
    assertClose(clopperPearson.low, exact[0])
    assertClose(clopperPearson.high, exact[1])
  }
})

test('intervals of a single trial reach from or to the end of the range', () => {
  for (const interval of [wilsonInterval, clopperPearsonInterval]) {
    assert.equal(interval(0, 1).low, 0)
    assert.equal(interval(1, 1).high, 1)
    assert.ok(interval(0, 1).high > 0.7 && interval(1, 1).low < 0.3)
  }
})

test('intervals of other levels agree with SciPy, none and all successes included', () => {
  const cases: readonly (readonly [number, number, number, ...(readonly number[])])[] = [
    [
      3, 50, 0.99, 0.015294840009215757, 0.2077990007022969, 0.006872485332949589,
      0.20270626946868844,
    ],
    [0, 20, 0.9, 0, 0.11915783736096448, 0, 0.13910834066837535],
    [20, 20, 0.9, 0.8808421626390355, 1, 0.8608916593316243, 1],
    [7, 9, 0.5, 0.672243627205012, 0.8565806584637746, 0.6094587618646491, 0.8928374122539767],
  ]
  for (const [successes, trials, level, ...expected] of cases) {
    const score = wilsonInterval(successes, trials, level)
    const exact = clopperPearsonInterval(successes, trials, level)
    const found = [score.low, score.high, exact.low, exact.high]
    found.forEach((value, i) => assertClose(value, expected[i]))
  }
})

test('counts and chances that can’t be are refused', () => {
  for (const interval of [wilsonInterval, clopperPearsonInterval]) {
    for (const [successes, trials] of [
      [-1, 5],
      [6, 5],
      [0, 0],
      [0, Number.NaN],
    ]) {
      assert.throws(() => interval(successes, trials), RangeError)
    }
  }
  for (const [successes, trials, chance] of [
    [-1, 5, 0.5],
    [6, 5, 0.5],
    [0, 0, 0.5],
    [1, 5, -0.1],
    [1, 5, 1.1],
    [1, 5, Number.NaN],
  ]) {
    assert.throws(() => binomialTest(successes, trials, chance), RangeError)
  }
  const random = createRandom(1)
  assert.throws(() => ratioOfMeans([], [1], { random }), RangeError)
  assert.throws(() => ratioOfMeans([1], [], { random }), RangeError)
  assert.throws(() => chiSquaredTest([1, 2], [1]), RangeError)
})

test('the binomial test knows chances of 0 and 1, and outcomes exactly as expected', () => {
  assert.deepEqual(binomialTest(0, 5, 0), { statistic: 0, pValue: 1 })
  assert.deepEqual(binomialTest(5, 5, 1), { statistic: 0, pValue: 1 })
  assert.deepEqual(binomialTest(2, 4), { statistic: 0, pValue: 1 })
  assert.equal(binomialTest(1, 5, 0).pValue, 0)
  assertClose(binomialTest(4, 5).statistic, 0.3)
  assertClose(binomialTest(1, 1, 0.3).pValue, 0.3)
  // No outcome on the other side is as unlikely as 0 of 5 at 0.9, or 5 of 5 at 0.1.
  assertClose(binomialTest(0, 5, 0.9).pValue, 1e-5)
  assertClose(binomialTest(5, 5, 0.1).pValue, 1e-5)
})

test('χ² of nothing, of one sample alone and of a single category is no evidence', () => {
  for (const [first, second] of [
    [
      [0, 0],
      [0, 0],
    ],
    [
      [1, 2],
      [0, 0],
    ],
    [
      [0, 0],
      [1, 2],
    ],
    [
      [5, 0],
      [9, 0],
    ],
  ]) {
    assert.deepEqual(chiSquaredTest(first, second), { statistic: 0, pValue: 1 })
  }
})

test('a batch threshold is the null statistic of its rank, in any order', () => {
  const nulls = Float64Array.from({ length: 200 }, (_, i) => (i * 37) % 200)
  const found = batchThreshold(nulls, { rate: 0.05 })
  const rank = thresholdRank(200, 0.05)
  assert.ok(rank > 1)
  assert.deepEqual(found, { value: 200 - rank, rank, expectedRate: rank / 201 })
  assert.equal(thresholdRank(200, 0.05, 0.95), rank)
  assert.ok(thresholdRank(200, 0.05, 0.5) > rank)
})

test('the interval of a ratio of means is wider at a higher level', () => {
  const draw = (level?: number) => {
    const random = createRandom(4)
    const values = Float64Array.from({ length: 50 }, () => 1 + random.uniform())
    return ratioOfMeans(values, [2, 2, 2], { random, ...(level === undefined ? {} : { level }) })
  }
  const [usual, same, wide] = [draw(), draw(0.95), draw(0.999)]
  const exact = ratioOfMeans([1, 2, 6], [2, 4], { random: createRandom(1), draws: 10 })
  assert.equal(exact.value, 1)
  assert.deepEqual(usual, same)
  assert.ok(wide.low < usual.low && wide.high > usual.high)
  const reach = (usual.high - usual.low) / 2
  // Standard error of the mean of 50 uniform draws, over 2.
  assert.ok(Math.abs(reach / (1.96 * 0.0204) - 1) < 0.2, `${reach}`)
})

test('a ratio of means is resampled value by value, 2,000 times, and its interval ends at their percentiles', () => {
  /** Draws the same value of the numerator over and over, another in each resample. */
  const scripted = (): Random & { readonly drawn: () => number } => {
    let drawn = 0
    return {
      ...createRandom(1),
      drawn: () => drawn,
      integer: (bound) => (bound === 1 ? 0 : Math.floor(drawn++ / bound) % bound),
    }
  }
  const values = Float64Array.from({ length: 41 }, (_, i) => (7 * i) % 41)
  const options = { random: scripted(), draws: 41, level: 0.9 }
  // Of the ratios 0, 1/2, … 20 those of the ranks 2 and 38.
  assert.deepEqual(ratioOfMeans(values, [2], options), { value: 10, low: 1, high: 19 })
  const random = scripted()
  ratioOfMeans([1, 3], [2], { random })
  assert.equal(random.drawn(), 2 * 2000)
})

test('an interval of no trials is refused', () => {
  assert.throws(() => wilsonInterval(0, 0), RangeError)
  assert.throws(() => binomialTest(3, 2), RangeError)
})

test('threshold ranks are the largest whose Beta bound keeps the rate', () => {
  for (const [batches, rate, confidence, rank] of golden.counts.thresholdRank) {
    assert.equal(thresholdRank(batches, rate, confidence), rank)
  }
})

test('a batch threshold keeps its rate in at least the promised share of calibrations', () => {
  const random = createRandom(8)
  let kept = 0
  for (let i = 0; i < 300; i++) {
    const nulls = Float64Array.from({ length: 200 }, () => random.uniform())
    const threshold = batchThreshold(nulls, { rate: 0.05, confidence: 0.9 })
    assert.ok(threshold !== null)
    // Uniform statistics: the true false-alarm rate is what lies above the threshold.
    if (1 - threshold.value <= 0.05) kept++
  }
  assert.ok(kept >= 255, `kept ${kept} of 300`)
})

test('too few null batches give no threshold', () => {
  assert.equal(batchThreshold(new Float64Array(58), { rate: 0.05 }), null)
})

test('the interval of a ratio of means covers the true ratio at its level', () => {
  const random = createRandom(9)
  let covered = 0
  for (let i = 0; i < 200; i++) {
    const above = Float64Array.from({ length: 60 }, () => 1.5 - Math.log(1 - random.uniform()))
    const below = Float64Array.from({ length: 80 }, () => 1 - Math.log(1 - random.uniform()))
    const { value, low, high } = ratioOfMeans(above, below, { random, draws: 300 })
    assert.ok(low < value && value < high)
    if (low <= 1.25 && 1.25 <= high) covered++
  }
  assert.ok(covered >= 178 && covered < 200, `covered ${covered} of 200`)
})
