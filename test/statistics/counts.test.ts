import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  batchThreshold,
  binomialTest,
  chiSquaredTest,
  clopperPearsonInterval,
  ratioOfMeans,
  thresholdRank,
  wilsonInterval,
} from '../../src/statistics/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'
import { describeTwoSampleTest } from '../contracts/two-sample-test.ts'
import { assertClose, golden } from './golden.ts'

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
