import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRowStore } from '../../../src/detector/fitting/row-store.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const row = (value: number): Float32Array => Float32Array.of(value, value + 0.5)

describe('row store', () => {
  it('gives its rows in any order, however many more there are than expected', () => {
    for (const count of [1, 2, 3, 10, 257]) {
      const store = createRowStore(2, 3)
      for (let i = 0; i < count; i++) store.put(i, row(i))
      assert.equal(store.count, count)
      const order = createRandom(count).permutation(count)
      const expected = Array.from(order).flatMap((i) => [i, i + 0.5])
      assert.deepEqual([...store.take(order)], expected)
    }
  })

  it('puts a row in the place of an earlier one', () => {
    const store = createRowStore(2, 3)
    for (const i of [0, 1, 2]) store.put(i, row(i))
    store.put(1, row(9))
    assert.equal(store.count, 3)
    assert.deepEqual([...store.take(Uint32Array.of(0, 1, 2))], [0, 0.5, 9, 9.5, 2, 2.5])
  })

  it('has no gaps', () => {
    assert.throws(() => createRowStore(2, 3).put(1, row(0)), RangeError)
  })

  it('may stay empty', () => {
    assert.equal(createRowStore(2, 0).take(new Uint32Array()).length, 0)
  })
})
