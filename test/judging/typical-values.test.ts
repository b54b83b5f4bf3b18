import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { typicalValues } from '../../src/judging/typical-values.ts'
import { prepareOmnibusReference } from '../../src/statistics/index.ts'

/** Rows of two columns: these values, beside others that must not be taken for them. */
const rowsOf = (values: readonly number[]) =>
  Float32Array.from(values.flatMap((value, i) => [1000 + i, value]))

const typicalOf = (values: readonly number[]) => {
  const reference = prepareOmnibusReference(rowsOf([8, 8, 9]), 2)
  return typicalValues(reference, rowsOf(values), 1).batch
}

describe('what is typical of files', () => {
  it('is the commonest value, where half of the images have it', () => {
    assert.deepEqual(typicalOf([95, 75, 75, 90]), { value: 75, share: 1 / 2 })
    assert.deepEqual(typicalOf([95, 95, 75, 75, 75]), { value: 75, share: 3 / 5 })
    assert.deepEqual(typicalOf([95, 95, 95, 75, 75]), { value: 95, share: 3 / 5 })
    assert.deepEqual(typicalOf([40]), { value: 40, share: 1 })
  })

  it('is the smallest of those that are as common', () => {
    assert.deepEqual(typicalOf([95, 75, 95, 75]), { value: 75, share: 1 / 2 })
  })

  it('is the median where no value is that common, the upper one of two', () => {
    assert.deepEqual(typicalOf([10, 50, 50, 20, 30]), { value: 30, share: 1 / 5 })
    assert.deepEqual(typicalOf([9, 10, 100, 8]), { value: 10, share: 1 / 4 })
    assert.deepEqual(typicalOf([9, 10, 10, 100, 8, 7, 6]), { value: 9, share: 1 / 7 })
  })

  it('leaves images without it aside', () => {
    assert.deepEqual(typicalOf([0, 0, 0, 80, 0, 80, 95]), { value: 80, share: 2 / 3 })
    assert.deepEqual(typicalOf([0, 0]), { value: 0, share: 0 })
  })

  it('is told of the reference and of the batch', () => {
    const reference = prepareOmnibusReference(Float32Array.of(8, 5, 8, 6, 9, 7), 2)
    assert.deepEqual(typicalValues(reference, Float32Array.of(1, 2, 1, 2), 0), {
      reference: { value: 8, share: 2 / 3 },
      batch: { value: 1, share: 1 },
    })
  })
})
