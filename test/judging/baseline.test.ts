import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createBaseline } from '../../src/judging/baseline.ts'
import { columnIndex, scoreColumn } from '../../src/measuring/values/index.ts'
import { conformalPValue } from '../../src/statistics/index.ts'
import { tableOf } from '../../src/representations/index.ts'

const columns = [
  { name: 'loss', group: 'reconstruction', title: 'loss' },
  { name: 'excess-loss', group: 'reconstruction', title: 'excess loss' },
  { name: 'unusual', group: 'outlier', title: 'unusualness' },
] as const

const table = tableOf(columns, Float32Array.of(1, 5, 30, 2, 6, 10, 6, 7, 20))

describe('baseline', () => {
  it('takes loss and unusualness from their columns of the reference', () => {
    const { loss, losses, sortedScores } = createBaseline(table)
    assert.deepEqual([...losses], [1, 2, 6])
    assert.equal(loss.mean, 3)
    assert.deepEqual([...sortedScores], [10, 20, 30])
  })

  it('is held against the reference alone where nothing is tolerated', () => {
    const { comparison, nearest } = createBaseline(table)
    assert.equal(comparison.prepared.rows, 3)
    assert.equal(nearest, undefined)
  })

  it('is held against what is tolerated too, as prepared from the same reference', () => {
    const nearest = () => []
    const asked: unknown[] = []
    const baseline = createBaseline(table, {
      tolerate: (reference) => {
        asked.push(reference)
        return nearest
      },
    })
    assert.equal(baseline.nearest, nearest)
    assert.deepEqual(asked, [baseline.comparison.prepared])
  })

  it('scores images by the outlier column, or the excess loss without one', () => {
    assert.equal(scoreColumn(columns), 2)
    assert.equal(scoreColumn(columns.slice(0, 2)), 1)
    assert.equal(scoreColumn([columns[2], ...columns]), 0)
  })

  it('names the columns there are where one is missing', () => {
    assert.throws(
      () => columnIndex(columns, 'colour'),
      /expected a column colour, got loss, excess/,
    )
  })
})

describe('conformal p-value', () => {
  const sorted = Float32Array.of(1, 2, 2, 3)

  it('is (1 + reference images at least as unusual) / (reference images + 1)', () => {
    const expected = new Map([
      [0, 5 / 5],
      [1, 5 / 5],
      [1.5, 4 / 5],
      [2, 4 / 5],
      [2.5, 2 / 5],
      [3, 2 / 5],
      [4, 1 / 5],
    ])
    for (const [score, pValue] of expected) assert.equal(conformalPValue(sorted, score), pValue)
  })

  it('is 1 without a reference, and never 0', () => {
    assert.equal(conformalPValue(new Float32Array(), 3), 1)
    assert.ok(conformalPValue(sorted, Number.POSITIVE_INFINITY) > 0)
  })
})
