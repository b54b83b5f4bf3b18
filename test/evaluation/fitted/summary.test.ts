import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultUserTables } from '../../../evaluation/fitted/page/default-user-tables.ts'
import { photographsTables } from '../../../evaluation/fitted/page/photographs-tables.ts'
import { type FittedOutcome, meanRows, powerRows } from '../../../evaluation/fitted/summary.ts'
import { rateOverReferences } from '../../../evaluation/protocol/reference-interval.ts'

const outcome = (
  change: string,
  subject: string,
  pValues: Readonly<Record<string, readonly number[]>>,
): FittedOutcome => ({
  data: 'mnist',
  reference: 900,
  subject,
  change,
  form: 'as-is',
  batches: [{ size: 100, share: 0.5, pValues }],
})

const outcomes = [
  outcome('noise', '0', { check: [0.001, 0.01, 0.5, 0.2], 'no-outlier': [0.5] }),
  outcome('noise', '1', { check: [0.001, 0.001, 0.001, 0.001], 'no-outlier': [0.5] }),
  outcome('mirror', '0', { check: [0.9, 0.9, 0.9, 0.9], 'no-outlier': [0.5] }),
  outcome('mirror', '1', { check: [0.9, 0.9, 0.9, 0.011], 'no-outlier': [0.001] }),
]

describe('powerRows', () => {
  it('counts alarms at .01 of each change over its detectors', () => {
    const rows = powerRows(outcomes).filter(({ rule }) => rule === 'check')
    assert.deepEqual(
      rows.map(({ change, rate, batches, references }) => [change, rate, batches, references]),
      [
        ['noise', 0.75, 8, 2],
        ['mirror', 0, 8, 2],
      ],
    )
  })
})

describe('meanRows', () => {
  it('gives each change the same weight, and tells how the detectors differ', () => {
    const mean = meanRows(outcomes).find(({ rule }) => rule === 'check')
    assert.ok(mean)
    assert.deepEqual([mean.mean, mean.lowest, mean.highest, mean.changes], [0.375, 0.25, 0.5, 2])
  })
})

describe('rateOverReferences', () => {
  it('takes the interval over references where they differ more than their batches explain', () => {
    const even = rateOverReferences(Array.from({ length: 8 }, () => ({ alarms: 1, batches: 100 })))
    const uneven = rateOverReferences([
      { alarms: 8, batches: 100 },
      ...Array.from({ length: 7 }, () => ({ alarms: 0, batches: 100 })),
    ])
    assert.deepEqual([even.rate, even.references, even.batches], [0.01, 8, 800])
    assert.equal(uneven.rate, even.rate)
    assert.ok(uneven.interval[1] > even.interval[1])
  })

  it('of few references takes that of the batches', () => {
    const { interval } = rateOverReferences([{ alarms: 0, batches: 100 }])
    assert.equal(interval[0], 0)
    // Wilson's upper limit of 0 in 100 is z² / (100 + z²).
    assert.ok(Math.abs(interval[1] - 1.96 ** 2 / (100 + 1.96 ** 2)) < 1e-3)
  })
})

describe('tables', () => {
  const figures = {
    falseAlarms: powerRows([outcome('clean', '0-0', { check: [0.5, 0.001] })]),
    means: meanRows(outcomes),
    rows: powerRows(outcomes),
  }

  it('of the default user say rates, means and every change with its interval', () => {
    const [alarms, means, rows] = defaultUserTables(figures)
    assert.deepEqual(alarms.rows, [
      ['digits (MNIST)', '900', 'pixeldrift as it comes', '.500 [.095, .905]'],
    ])
    assert.deepEqual(means.rows[0].slice(2), ['half', 'pixeldrift as it comes', '.38 (.25–.50)'])
    assert.deepEqual(rows.head, ['images', 'change', 'changed images', 'reference', 'n = 100'])
    assert.match(rows.rows[0][4], /^\.75 \[\.\d\d, \.\d\d\]$/)
  })

  it('of the mild changes have a row for each change and for each part taken away', () => {
    const tables = photographsTables(figures)
    const power = tables.find(({ title }) => title.startsWith('Power of pixeldrift'))
    assert.deepEqual(
      power?.rows.map(([change]) => change),
      ['noise', 'mirror'],
    )
    const parts = tables.find(({ title }) => title === 'What each part adds, n = 100')
    assert.deepEqual(
      parts?.rows.map(([rule]) => rule),
      ['all of them', 'without the outlier score'],
    )
    assert.ok(tables.every(({ head, rows }) => rows.every((row) => row.length === head.length)))
  })
})
