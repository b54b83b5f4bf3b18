import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Accuracy,
  type AccuracyRule,
  countAnswer,
  NO_ACCURACY,
  recount,
} from '../../../src/monitor/quality/accuracy.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const RULE: AccuracyRule = { windowSize: 20, level: 0.01, floor: null, baselineSize: 50 }

/** Counts answers, `right` of ten of them right, mistakes spread. */
// oxlint-disable-next-line eslint/max-params -- from where, how many, of which kind, by which rule
function countMany(from: Accuracy, count: number, right: number, rule = RULE): Accuracy {
  let accuracy = from
  for (let i = 0; i < count; i++) accuracy = countAnswer(accuracy, i % 10 < right, { rule, at: i })
  return accuracy
}

describe('how often the model is right', () => {
  it('is compared with the first answers, window by window', () => {
    const begun = countMany(NO_ACCURACY, 50, 9)
    assert.deepEqual(begun.baseline, { successes: 45, trials: 50 })
    assert.equal(countMany(begun, 19, 0).last, null)
    const good = countMany(begun, 20, 9)
    assert.deepEqual([good.isLow, good.last?.successes, good.window.trials], [false, 18, 0])
    const low = countMany(good, 20, 4)
    // SciPy: fisher_exact([[8, 12], [45, 5]], alternative='less')
    assert.ok(
      Math.abs((low.last?.pValue ?? 0) - 3.624453278532779e-5) < 1e-12,
      `${low.last?.pValue}`,
    )
    assert.equal(low.isLow, true)
    assert.deepEqual(low.all, { successes: 45 + 18 + 8, trials: 90 })
  })

  it('stays too low until a window is that is not even nearly so', () => {
    const low = countMany(countMany(NO_ACCURACY, 50, 9), 20, 4)
    const nearly = countMany(low, 20, 7)
    assert.ok((nearly.last?.pValue ?? 1) > RULE.level, `${nearly.last?.pValue}`)
    assert.ok((nearly.last?.pValue ?? 1) < 0.1, `${nearly.last?.pValue}`)
    assert.equal(nearly.isLow, true)
    assert.equal(countMany(nearly, 20, 8).isLow, false)
  })

  it('is compared with a floor from the first answer on, where one is stated', () => {
    const rule = { ...RULE, floor: 0.8 }
    const low = countMany(NO_ACCURACY, 20, 5, rule)
    // SciPy: binomtest(10, 20, 0.8, alternative='less')
    assert.ok(
      Math.abs((low.last?.pValue ?? 0) - 0.002594827400674013) < 1e-12,
      `${low.last?.pValue}`,
    )
    assert.deepEqual([low.isLow, low.baseline.trials], [true, 0])
  })

  it('follows a correction in all that is not judged yet', () => {
    const one = countMany(countMany(NO_ACCURACY, 50, 9), 25, 9)
    assert.deepEqual([one.window.trials, one.window.successes], [5, 5])
    const ofBaseline = recount(one, 50, 1)
    assert.deepEqual(
      [ofBaseline.baseline.successes, ofBaseline.window.successes, ofBaseline.all.successes],
      [46, 5, 69],
    )
    const judged = recount(one, 70, -1)
    assert.deepEqual(
      [judged.baseline, judged.window, judged.last],
      [one.baseline, one.window, one.last],
    )
    assert.equal(judged.all.successes, 67)
    const open = recount(one, 71, -1)
    assert.deepEqual([open.baseline, open.window.successes], [one.baseline, 4])
  })

  it('raises no more false alarms than stated, whatever the model’s accuracy', () => {
    const rule = { ...RULE, level: 0.05 }
    const random = createRandom(3)
    for (const rate of [0.6, 0.9]) {
      let [windows, alarms] = [0, 0]
      for (let run = 0; run < 300; run++) {
        let accuracy = NO_ACCURACY
        for (let i = 0; i < 150; i++) {
          const isRight = random.uniform() < rate
          const before = accuracy.last
          accuracy = countAnswer(accuracy, isRight, { rule, at: i })
          if (accuracy.last === before) continue
          windows++
          if ((accuracy.last?.pValue ?? 1) <= rule.level) alarms++
        }
      }
      assert.equal(windows, 1500)
      // Three standard deviations above what is stated; they depend on each other by their baseline.
      assert.ok(alarms / windows <= 0.05 + 0.02, `${alarms} of ${windows} at ${rate}`)
    }
  })
})
