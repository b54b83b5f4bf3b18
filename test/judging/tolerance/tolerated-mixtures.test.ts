import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createBaseline } from '../../../src/judging/baseline.ts'
import { nearestComparisons } from '../../../src/judging/tolerance/nearest-comparisons.ts'
import type { TolerancePool } from '../../../src/judging/tolerance/pool.ts'
import { testFeatures, testGroups } from '../../../src/judging/window-test.ts'
import type { FeatureColumn } from '../../../src/representations/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { assertNotAbove } from '../../statistics/level.ts'

const COLUMNS: FeatureColumn[] = [
  ...['a', 'b', 'c'].map((name) => ({ name, title: name, group: 'property' as const })),
  { name: 'excess-loss', title: 'excess loss', group: 'reconstruction' as const },
  { name: 'loss', title: 'loss', group: 'reconstruction' as const },
]
const REFERENCE = 1200
const COPIES = 4000
const BATCH = 40
const LEVEL = 0.05

/** One image: numbers that depend on each other, one of them skewed, all but the third moved by a change. */
function drawRow(random: Random): number[] {
  const shared = random.normal()
  const own = COLUMNS.map(() => 0.6 * shared + 0.8 * random.normal())
  return own.map((value, column) => (column >= 3 ? Math.exp(0.5 * value) : value))
}

/** A change by `strength`, which is tolerated from −1 to 1. */
const change = ([a, b, c, excess, loss]: readonly number[], strength: number): number[] => [
  a + 1.5 * strength,
  b * (1 + 0.4 * strength) - 0.5 * strength * strength,
  c,
  excess * Math.exp(0.3 * strength),
  loss * Math.exp(0.3 * strength),
]

const random = createRandom(1)
const originals = Array.from({ length: REFERENCE }, () => drawRow(random))
const strengths = Array.from({ length: COPIES }, () => 2.2 * random.uniform() - 1.1)
const pool: TolerancePool = {
  rows: COPIES,
  values: Float32Array.from(strengths.flatMap((s, i) => change(originals[i % REFERENCE], s))),
  originals: Uint32Array.from(strengths, (_, i) => i % REFERENCE),
  positions: Float32Array.from(strengths),
}
const groups = testGroups(COLUMNS, ['property', 'reconstruction'])
const baseline = createBaseline(
  { columns: COLUMNS, rows: REFERENCE, values: Float32Array.from(originals.flat()) },
  { tolerate: (reference) => nearestComparisons(reference, { pool, groups }) },
)
const manifest = { columns: COLUMNS, features: ['property', 'reconstruction'] as const }

/** p-values of batches of new images, each changed by the strength that is drawn for it. */
function pValues(batches: number, strengthOf: (image: number) => number): number[] {
  return Array.from({ length: batches }, (_, seed) => {
    const rows = Array.from({ length: BATCH }, (__, i) => change(drawRow(random), strengthOf(i)))
    const tested = { manifest: { ...manifest, features: [...manifest.features] }, baseline }
    const window = Float32Array.from(rows.flat())
    return testFeatures(tested, window, { level: LEVEL, seed, mode: 'exact' }).pValue
  })
}

describe('batches of images that were changed inside a tolerance', () => {
  const mixtures: readonly [title: string, strengthOf: (image: number) => number][] = [
    ['not at all', () => 0],
    ['all alike', () => -0.7],
    ['half of them, as far as is tolerated', (image) => image % 2],
    ['as far as is tolerated either way', (image) => (image % 2 === 0 ? 1 : -1)],
    ['each by another strength', () => 2 * random.uniform() - 1],
  ]
  for (const [title, strengthOf] of mixtures) {
    it(`alarm no more often than stated: ${title}`, () => {
      const found = pValues(60, strengthOf)
      assertNotAbove(found, [0.01, LEVEL, 0.2])
      // A test that never doubts would be quiet too.
      assert.ok(
        found.some((p) => p < 0.6),
        `least p-value: ${Math.min(...found)}`,
      )
    })
  }

  it('alarm when all are changed twice as far', () => {
    for (const side of [-2, 2]) {
      const found = pValues(20, () => side)
      assert.ok(found.filter((p) => p <= LEVEL).length >= 18, String(found))
    }
  })

  it('alarm when a feature changes that no tolerated change moves', () => {
    const rows = Array.from({ length: BATCH }, () => {
      const [a, b, c, ...others] = change(drawRow(random), 0.5)
      return [a, b, c + 1.2, ...others]
    })
    const tested = { manifest: { ...manifest, features: [...manifest.features] }, baseline }
    const { pValue, comparison } = testFeatures(tested, Float32Array.from(rows.flat()), {
      level: LEVEL,
      seed: 1,
    })
    assert.ok(pValue <= LEVEL, String(pValue))
    assert.notEqual(comparison, baseline.comparison)
  })
})
