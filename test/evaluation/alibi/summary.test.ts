import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MmdPair } from '../../../evaluation/alibi/compare-pair.ts'
import {
  alarmShares,
  standardisedDifference,
  summariseKolmogorovSmirnov,
  summariseMmd,
} from '../../../evaluation/alibi/summary.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const mmdPair = (rest: Partial<MmdPair>): MmdPair => ({
  bandwidths: { ours: 2, alibi: 2 },
  statistics: { ours: 0.11, alibi: 0.1 },
  shares: { ours: 0, alibi: 0 },
  threshold: 0.2,
  permutations: 499,
  drifted: { ours: true, alibi: true },
  ...rest,
})

test('p-values of random permutations differ by one standard error in the root mean square', () => {
  const random = createRandom(5)
  const share = (p: number): number => {
    let reached = 0
    for (let i = 0; i < 499; i++) reached += random.uniform() < p ? 1 : 0
    return reached / 499
  }
  const errors = Array.from({ length: 400 }, () => {
    const p = 0.02 + 0.96 * random.uniform()
    return standardisedDifference(mmdPair({ shares: { ours: share(p), alibi: share(p) } }))
  })
  const rms = Math.sqrt(errors.reduce((sum, one) => sum + one * one, 0) / errors.length)
  // The standard error of a root mean square of 400 is 0.035.
  assert.ok(Math.abs(rms - 1) < 0.14, `${rms}`)
})

test('equal shares of 0 or 1 do not differ', () => {
  assert.equal(standardisedDifference(mmdPair({})), 0)
  assert.equal(standardisedDifference(mmdPair({ shares: { ours: 1, alibi: 1 } })), 0)
})

test('windows that no permutation reaches say nothing of the p-values', () => {
  const half = mmdPair({ shares: { ours: 0.6, alibi: 0.4 }, permutations: 50 })
  const summary = summariseMmd([mmdPair({}), half]) as Record<string, number>
  assert.equal(summary['windowsWithPAboveZero'], 1)
  // 0.2 over the root of 2 · 0.25 / 50.
  assert.ok(Math.abs(summary['pValueDifferenceInStandardErrors'] - 2) < 1e-9)
})

test('MMD is compared with its own size and with the threshold', () => {
  const differing = mmdPair({ drifted: { ours: false, alibi: true } })
  const summary = summariseMmd([mmdPair({}), differing]) as Record<string, number>
  assert.ok(Math.abs(summary['largestRelativeDifference'] - 0.1) < 1e-9)
  assert.ok(Math.abs(summary['largestDifferenceToThreshold'] - 0.05) < 1e-9)
  assert.equal(summary['sameDecisions'], 0.5)
  assert.equal(summary['onlyAlibiAlarms'], 1)
})

test('p-values are held against the exact ones, in the tail as a share of them', () => {
  const column = (ours: number, alibi: number, exactPValue: number) => ({
    distances: { ours: 0.5, alibi: 0.25 },
    pValues: { ours, alibi },
    exactPValue,
  })
  const drifted = { ours: true, alibi: true }
  const summary = summariseKolmogorovSmirnov([
    { columns: [column(0.5, 0.4, 0.5), column(0.001, 0.0005, 0.001)], drifted },
  ]) as Record<string, unknown>
  assert.equal(summary['largestDistanceDifference'], 0.25)
  assert.equal(summary['ourLargestError'], 0)
  assert.deepEqual(summary['ourShareOfExactInTail'], [1, 1])
  assert.deepEqual(summary['alibiShareOfExactInTail'], [0.5, 0.5])
})

test('each side has its share of alarms', () => {
  const drifted = [
    { ours: true, alibi: true },
    { ours: true, alibi: false },
  ]
  assert.deepEqual(alarmShares(drifted), { ours: 1, alibi: 0.5 })
})
