import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  columnValues,
  concatenateColumns,
  type FeatureColumn,
  selectColumns,
  tableOf,
} from '../../src/representations/index.ts'

const mean: FeatureColumn = { name: 'mean', group: 'property', title: 'brightness' }
const noise: FeatureColumn = { name: 'noise', group: 'property', title: 'noise level' }
const loss: FeatureColumn = { name: 'loss', group: 'reconstruction', title: 'loss' }
const table = tableOf([mean, loss, noise], Float32Array.of(1, 2, 3, 4, 5, 6))

describe('feature table', () => {
  it('counts its rows from the values', () => {
    assert.equal(table.rows, 2)
    assert.equal(tableOf([mean], new Float32Array()).rows, 0)
  })

  it('refuses values that do not fill whole rows', () => {
    assert.throws(() => tableOf([mean, loss], Float32Array.of(1, 2, 3)), RangeError)
    assert.throws(() => tableOf([], Float32Array.of(1)), RangeError)
  })

  it('refuses two columns of one name', () => {
    assert.throws(() => tableOf([mean, mean], new Float32Array()), /mean/)
  })

  it('selects columns in table order and keeps every row', () => {
    const properties = selectColumns(table, ({ group }) => group === 'property')
    assert.deepEqual(properties.columns, [mean, noise])
    assert.equal(properties.rows, 2)
    assert.deepEqual(properties.values, Float32Array.of(1, 3, 4, 6))
  })

  it('keeps the number of rows when no column is selected', () => {
    assert.equal(selectColumns(table, () => false).rows, 2)
  })

  it('puts tables side by side', () => {
    const left = tableOf([mean], Float32Array.of(1, 4))
    const right = tableOf([loss, noise], Float32Array.of(2, 3, 5, 6))
    assert.deepEqual(concatenateColumns([left, right]), table)
  })

  it('refuses to put tables of other rows or of equal names side by side', () => {
    const short = tableOf([mean], Float32Array.of(1))
    const long = tableOf([loss], Float32Array.of(1, 2))
    assert.throws(() => concatenateColumns([short, long]), RangeError)
    assert.throws(() => concatenateColumns([short, short]), RangeError)
  })

  it('extracts one column by name and names the others when there is none', () => {
    assert.deepEqual(columnValues(table, 'loss'), Float32Array.of(2, 5))
    assert.throws(() => columnValues(table, 'blur'), /mean, loss, noise/)
  })
})
