import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  ALLOWED_SCORES,
  createScoreScale,
  meanScores,
  omnibusExact,
  type OmnibusGroup,
  prepareOmnibusReference,
  scoreDifferences,
  scoresOfColumn,
} from '../../../src/statistics/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { assertClose } from '../golden.ts'

type Row = readonly number[]

/** Made by test/golden/mean-scores.py with NumPy. */
const golden = JSON.parse(
  readFileSync(new URL('../../golden/mean-scores.json', import.meta.url), 'utf8'),
) as {
  readonly groups: readonly OmnibusGroup[]
  readonly columnCount: number
  readonly reference: Row
  readonly window: Row
  readonly others: Row
  readonly differences: Row
  readonly meansOfWindow: Row
  readonly meansOfOthers: Row
}

const { groups, columnCount } = golden
const reference = prepareOmnibusReference(Float32Array.from(golden.reference), columnCount)
const window = Float32Array.from(golden.window)

test('differences of mean scores agree with NumPy, none where a column is constant or not scored', () => {
  const found = scoreDifferences(reference, window, groups)
  assert.equal(found.length, golden.differences.length)
  golden.differences.forEach((expected, i) => assertClose(found[i], expected, 1e-5))
})

test('mean scores against a fixed sample agree with NumPy, shares of its classes among them', () => {
  const scale = createScoreScale(reference, groups)
  for (const [values, expected] of [
    [golden.window, golden.meansOfWindow],
    [golden.others, golden.meansOfOthers],
  ]) {
    const found = meanScores(scale, Float32Array.from(values))
    assert.equal(found.length, expected.length)
    expected.forEach((mean, i) => assertClose(found[i], mean, 1e-5))
  }
})

test('a score of a row does not depend on the rows beside it', () => {
  const scale = createScoreScale(reference, groups)
  const row = 4
  const alone = window.subarray(row * columnCount, (row + 1) * columnCount)
  for (const column of scale.columns) {
    const [together, single] = [window, alone].map((values) =>
      scoresOfColumn(scale, column, values),
    )
    assert.deepEqual(
      single.map((scores) => Array.from(scores)),
      together.map((scores) => [scores[row]]),
    )
  }
})

test('what is allowed lowers the standardised sums by as much as it moves them', () => {
  const statistic = (allowed: number | undefined, from: number, to: number) => {
    const allowances = new Float32Array(columnCount * ALLOWED_SCORES)
    // The ranks of the first column are allowed anything; the raw value is the last of its scores.
    allowances.fill(1e6, 0, ALLOWED_SCORES - 1).fill(allowed ?? 0, from, to)
    const [{ statistic: found }] = omnibusExact(
      reference,
      window,
      [{ name: 'first', columns: [0], kind: 'rank+raw' }],
      { random: createRandom(1), permutations: 9, ...(allowed !== undefined && { allowances }) },
    ).columns
    return found
  }
  const raw = statistic(0, ALLOWED_SCORES - 1, ALLOWED_SCORES)
  const [m, n] = [30, 11]
  for (const allowed of [0.1, 0.3]) {
    const lowered = statistic(allowed, ALLOWED_SCORES - 1, ALLOWED_SCORES)
    // δ standard deviations of all N move a sum of n by δ · √(n m (N − 1)) / N of its own.
    assertClose(lowered, raw - (allowed * Math.sqrt(n * m * (n + m - 1))) / (n + m), 1e-5)
  }
  assert.equal(statistic(9, ALLOWED_SCORES - 1, ALLOWED_SCORES), 0)
  assertClose(statistic(9, ALLOWED_SCORES, 2 * ALLOWED_SCORES), raw, 1e-6)
  assert.ok(statistic(undefined, 0, 0) >= raw)
})

test('what is allowed one column lowers no other, whether raw values are scored before it or not', () => {
  const allowances = new Float32Array(columnCount * ALLOWED_SCORES)
  allowances.fill(0.2, ALLOWED_SCORES, 2 * ALLOWED_SCORES)
  const statisticsOf = (kind: OmnibusGroup['kind'], spared: boolean) =>
    omnibusExact(
      reference,
      window,
      [
        { name: 'first', columns: [0], kind },
        { name: 'second', columns: [1], kind: 'rank' },
      ],
      { random: createRandom(1), permutations: 9, ...(spared && { allowances }) },
    ).columns.map(({ statistic }) => statistic)
  const [, lowered] = statisticsOf('rank', true)
  assert.ok(lowered < statisticsOf('rank', false)[1])
  for (const kind of ['rank', 'rank+raw'] as const) {
    assert.deepEqual(statisticsOf(kind, true), [statisticsOf(kind, false)[0], lowered])
  }
})
