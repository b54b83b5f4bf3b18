import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { measureSize } from '../../src/detector/index.ts'
import { wordOf } from '../../src/judging/drift-size.ts'
import type { FeatureColumn, FeatureGroup } from '../../src/representations/index.ts'
import { prepareOmnibusReference } from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

const GROUPS: readonly FeatureGroup[] = ['property', 'reconstruction', 'code', 'code', 'outlier']
const columns = GROUPS.map((group, i): FeatureColumn => ({ name: `f${i}`, title: `f${i}`, group }))
const WIDTH = columns.length

function rows(count: number, seed: number, shifts: readonly number[] = []): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from(
    { length: count * WIDTH },
    (_, i) => random.normal() + (shifts[i % WIDTH] ?? 0),
  )
}

const reference = prepareOmnibusReference(rows(4000, 1), WIDTH)
const sizeOf = (shifts: readonly number[]) => measureSize(columns, reference, rows(2000, 2, shifts))

describe('the size of a drift', () => {
  it('is the geometric mean over learned families of one plus the distance, less one', () => {
    // Reconstruction moved by 3, the two codes by 1 and 0.
    const expected = Math.sqrt(4 * Math.sqrt(2)) - 1
    assert.ok(Math.abs(sizeOf([0, 3, 1, 0, 0]).value - expected) < 0.08)
  })

  it('grows with every learned feature, and not with properties or the outlier score', () => {
    const sizes = [0, 0.3, 1, 3, 30].map((shift) => sizeOf([0, shift, shift, shift, 0]))
    for (let i = 1; i < sizes.length; i++) assert.ok(sizes[i].value > sizes[i - 1].value)
    assert.deepEqual(
      sizes.map(({ word }) => word),
      ['slight', 'moderate', 'very large', 'very large', 'very large'],
    )
    assert.equal(sizeOf([50, 0, 0, 0, 50]).word, 'slight')
  })

  it('changes its word at a quarter, a half and one standard deviation', () => {
    const words = [0.18, 0.32, 0.42, 0.62, 0.9, 1.15].map(
      (shift) => sizeOf([0, shift, shift, shift, 0]).word,
    )
    assert.deepEqual(words, ['slight', 'moderate', 'moderate', 'large', 'large', 'very large'])
  })

  it('is called by the larger word where it is a quarter, a half or one exactly', () => {
    assert.deepEqual([0, 0.2499, 0.25, 0.4999, 0.5, 0.9999, 1, 1e6].map(wordOf), [
      'slight',
      'slight',
      'moderate',
      'moderate',
      'large',
      'large',
      'very large',
      'very large',
    ])
  })

  it('stays a number where a constant feature moved', () => {
    const constant = prepareOmnibusReference(new Float32Array(50 * WIDTH).fill(1), WIDTH)
    const { value } = measureSize(columns, constant, new Float32Array(10 * WIDTH).fill(2))
    assert.ok(Math.abs(value - 1e6) < 1)
  })

  it('is nothing where no feature was learned', () => {
    const own = columns.filter(({ group }) => group === 'property' || group === 'outlier')
    const plain = prepareOmnibusReference(Float32Array.of(1, 2, 3, 4), 2)
    assert.deepEqual(measureSize(own, plain, Float32Array.of(9, 9)), { value: 0, word: 'slight' })
  })
})
