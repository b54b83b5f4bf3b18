import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decide, type DecisionInputs, untestedThreshold } from '../../src/judging/decide.ts'
import { completePolicy } from '../../src/judging/policy.ts'

type Situation = {
  readonly pValue?: number
  /** Estimated share of images that changed. */
  readonly share?: number
  readonly increase?: number
  /** Largest standardised rank score. */
  readonly statistic?: number
  /** Much could not be read, or repeats. */
  readonly isSuspect?: boolean
}

function inputs(
  policy: DecisionInputs['policy'],
  { pValue = 0.5, share = 0.5, increase = 0, isSuspect = false, statistic = 0 }: Situation,
): DecisionInputs {
  const estimate = { value: increase, low: increase, high: increase, level: 0.95 }
  return {
    policy,
    loss: { baseline: 1, mean: 1 + increase, relativeIncrease: estimate },
    test: {
      pValue,
      mode: 'exact',
      draws: 999,
      maps: [],
      groups: [],
      columns: [{ column: 0, statistic, pValue, adjustedPValue: pValue }],
    },
    ranked: new Set([0]),
    changedShare: () => share,
    isSuspect,
  }
}

const rate = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
const relative = completePolicy({ kind: 'relative', increase: 0.1 })

describe('decision by false-alarm rate', () => {
  const table = [
    [{ pValue: 0.5 }, 'ok'],
    [{ pValue: 0.0101 }, 'ok'],
    [{ pValue: 0.01 }, 'drift'],
    [{ pValue: 0.001 }, 'drift'],
    [{ pValue: 0.001, share: 0.05 }, 'drift'],
    [{ pValue: 0.001, share: 0.049 }, 'warning'],
    [{ pValue: 0.5, increase: 5 }, 'ok'],
    [{ pValue: 0.001, increase: -0.5 }, 'drift'],
    [{ pValue: 0.5, isSuspect: false }, 'ok'],
    [{ pValue: 0.5, isSuspect: true }, 'warning'],
    [{ pValue: 0.001, isSuspect: true }, 'drift'],
  ] as const
  for (const [situation, severity] of table) {
    it(`is ${severity} for ${JSON.stringify(situation)}`, () => {
      assert.equal(decide(inputs(rate, situation)).severity, severity)
    })
  }

  it('scores at least 1 exactly when the p-value is at most the rate', () => {
    for (const pValue of [1, 0.3, 0.011, 0.01, 0.009, 0.001]) {
      const { score } = decide(inputs(rate, { pValue }))
      assert.equal(score >= 1, pValue <= 0.01, `p ${pValue} scored ${score}`)
    }
  })

  it('asks how many images changed only where there is an alarm', () => {
    const asked = { ...inputs(rate, { pValue: 0.0101 }), changedShare: () => assert.fail('asked') }
    assert.equal(decide(asked).severity, 'ok')
  })

  it('scores on where no draw reached the batch, and says so', () => {
    const scoreAt = (statistic: number, pValue = 0.001) =>
      decide(inputs(rate, { pValue, statistic }))
    assert.equal(scoreAt(3).score, Math.log(0.001) / Math.log(0.01))
    assert.equal(scoreAt(3).scoreBasis, 'p-value')
    const scores = [3, 5, 6, 10, 19.9, 20.1, 30, 100, 1000].map((size) => scoreAt(size).score)
    for (let i = 1; i < scores.length; i++) assert.ok(scores[i] > scores[i - 1], String(scores))
    assert.equal(scoreAt(10).scoreBasis, 'extrapolated-p-value')
    // One draw reached it: that says more than any limit.
    assert.equal(scoreAt(100, 0.002).score, Math.log(0.002) / Math.log(0.01))
  })

  it('says where a batch was cleared by draws made ahead', () => {
    const given = inputs(rate, { pValue: 0.4 })
    const screened = { ...given, test: { ...given.test, mode: 'fast', draws: 1999 } as const }
    const { threshold } = decide(screened)
    assert.ok(threshold.policy === 'false-alarm-rate')
    assert.deepEqual([threshold.mode, threshold.draws], ['fast', 1999])
  })

  it('states the rate and the draws', () => {
    const { threshold, pValue } = decide(inputs(rate, { pValue: 0.2 }))
    assert.equal(pValue, 0.2)
    const expected = { policy: 'false-alarm-rate', value: 0.01, mode: 'exact', draws: 999 }
    assert.deepEqual(threshold, expected)
  })
})

describe('decision by relative increase', () => {
  const table = [
    [{ increase: 0 }, 'ok', 0],
    [{ increase: 0.05 }, 'ok', 0.5],
    [{ increase: 0.1 }, 'drift', 1],
    [{ increase: 0.3, pValue: 0.9 }, 'drift', 3],
    [{ increase: -0.9, pValue: 0.001 }, 'ok', 0],
  ] as const
  for (const [situation, severity, score] of table) {
    it(`is ${severity} with score ${score} for ${JSON.stringify(situation)}`, () => {
      const decision = decide(inputs(relative, situation))
      assert.equal(decision.severity, severity)
      assert.ok(Math.abs(decision.score - score) < 1e-12)
    })
  }

  it('states no p-value', () => {
    const { pValue, scoreBasis, threshold } = decide(inputs(relative, { increase: 0.3 }))
    assert.equal(scoreBasis, 'loss-increase')
    assert.equal(pValue, null)
    assert.deepEqual(threshold, { policy: 'relative', value: 0.1 })
  })
})

describe('threshold of a batch too small to test', () => {
  it('is named all the same', () => {
    assert.equal(untestedThreshold(rate).value, 0.01)
    const untested = untestedThreshold(rate)
    assert.ok(untested.policy === 'false-alarm-rate')
    assert.deepEqual([untested.mode, untested.draws], ['exact', 0])
    assert.deepEqual(untestedThreshold(relative), decide(inputs(relative, {})).threshold)
    assert.deepEqual(
      [untestedThreshold(relative).policy, untested.policy],
      ['relative', 'false-alarm-rate'],
    )
  })
})

describe('a suspect batch', () => {
  it('is a warning when the rest is fine', () => {
    const fine = inputs(rate, { pValue: 0.5 })
    assert.equal(decide(fine).severity, 'ok')
    assert.equal(decide({ ...fine, isSuspect: true }).severity, 'warning')
  })

  it('stays drift when the rest has drifted', () => {
    const drifted = inputs(rate, { pValue: 0.001 })
    assert.equal(decide({ ...drifted, isSuspect: true }).severity, 'drift')
  })
})
