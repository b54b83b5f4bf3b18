import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gatherEvidence, measureShare } from '../../src/judging/evidence.ts'
import type { FeatureTest } from '../../src/judging/window-test.ts'
import {
  columnEffects,
  estimateChangedShare,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

const columns = [
  { name: 'brightness', group: 'property', title: 'Brightness' },
  { name: 'predicted-class', group: 'prediction', title: 'Predicted class' },
  { name: 'contrast', group: 'property', title: 'Contrast' },
] as const

const random = createRandom(1)
const rows = (count: number, shift: number): Float32Array =>
  Float32Array.from({ length: 3 * count }, (_, i) =>
    i % 3 === 1 ? random.integer(3) : random.normal() + (i % 3 === 2 ? shift : 0),
  )

const prepared = prepareOmnibusReference(rows(200, 0), 3)
const window = rows(40, 5)

/** The columns in the order a test gives them. */
const test = {
  comparison: { prepared },
  groups: [
    { name: 'property', pValue: 0.002, adjustedPValue: 0.003, strongestColumn: 2 },
    { name: 'prediction', pValue: 0.4, adjustedPValue: 0.5, strongestColumn: 1 },
  ],
  columns: [
    { column: 2, statistic: 9, pValue: 0.001, adjustedPValue: 0.004 },
    { column: 1, statistic: 1, pValue: 0.4, adjustedPValue: 0.6 },
    { column: 0, statistic: 1, pValue: 0.3, adjustedPValue: 0.6 },
  ],
} as unknown as FeatureTest

const share = { atLeast: 0.5, estimate: 0.6, columns: [0.5, 0.2, 0.1], tested: [2, 1, 0] }

describe('evidence', () => {
  const { groups, features } = gatherEvidence({ columns }, { window, test }, share)
  const [contrast, ...others] = features

  it('names the columns and sizes them by themselves, the surest first', () => {
    const [, , effect] = columnEffects(prepared, window)
    const { windowMean, ...sizes } = effect
    assert.deepEqual(contrast, {
      ...columns[2],
      kind: 'quantity',
      pValue: 0.001,
      adjustedPValue: 0.004,
      changedShare: 0.5,
      ...sizes,
      batchMean: windowMean,
    })
  })

  it('puts the larger change first where both are as sure', () => {
    const distances = others.map((one) =>
      one.kind === 'category' ? one.totalVariation : one.kolmogorovSmirnov,
    )
    assert.ok(distances[0] > distances[1])
    const swapped = { ...test, columns: test.columns.toReversed() }
    const again = gatherEvidence({ columns }, { window, test: swapped }, share)
    assert.deepEqual(
      again.features.map(({ name }) => name),
      features.map(({ name }) => name),
    )
  })

  it('tells classes by their shares, named where names are known', () => {
    const predicted = others.find(({ kind }) => kind === 'category')
    assert.ok(predicted?.kind === 'category')
    assert.equal(predicted.changedShare, 0.2)
    assert.ok(predicted.shares.every(({ name }) => name === null))
    const classNames = ['cat', 'dog', 'fox']
    const named = gatherEvidence({ columns, classNames }, { window, test }, share).features.find(
      ({ kind }) => kind === 'category',
    )
    assert.ok(named?.kind === 'category')
    assert.deepEqual(named.shares.map(({ name }) => String(name)).toSorted(), classNames)
  })

  it('names the strongest column of each group, whose p-value is the adjusted one', () => {
    assert.deepEqual(groups, [
      { group: 'property', pValue: 0.003, strongest: 'contrast' },
      { group: 'prediction', pValue: 0.5, strongest: 'predicted-class' },
    ])
  })

  it('says of no share that changed where none was measured', () => {
    const unmeasured = gatherEvidence({ columns }, { window, test }, null)
    assert.deepEqual(
      unmeasured.features.map(({ changedShare }) => changedShare),
      [0, 0, 0],
    )
  })
})

describe('the share that changed', () => {
  it('is estimated from the tested columns, classes as such', () => {
    const { tested, ...measured } = measureShare(columns, { window, test }, { seed: 4 })
    assert.deepEqual(tested, [2, 1, 0])
    const expected = estimateChangedShare(prepared, window, {
      columns: [2, 1, 0],
      categories: new Set([1]),
      random: createRandom(4),
    })
    assert.deepEqual(measured, expected)
    assert.ok(measured.atLeast > 0.5)
  })

  it('is of whole blocks where there are any', () => {
    const labels = (count: number) => Uint32Array.from({ length: count }, (_, i) => i >> 2)
    const blocks = { reference: labels(200), window: labels(40) }
    const blocked = measureShare(columns, { window, test }, { seed: 4, blocks })
    const alone = measureShare(columns, { window, test }, { seed: 4 })
    assert.ok(blocked.atLeast < alone.atLeast)
  })
})
