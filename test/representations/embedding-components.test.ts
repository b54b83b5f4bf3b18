import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fitEmbeddingComponents, measureRows } from '../../src/representations/index.ts'
import { createRandom, type Tensor, tensor } from '../../src/tensor/index.ts'

const size = 20

/** Embeddings that vary mostly along one known direction: all numbers alike. */
function embeddingsOf(rows: number, seed: number): Tensor {
  const random = createRandom(seed)
  const data = new Float32Array(rows * size)
  for (let row = 0; row < rows; row++) {
    const shared = 5 + 3 * random.normal()
    for (let k = 0; k < size; k++) data[row * size + k] = shared + 0.01 * random.normal()
  }
  return tensor([rows, size], data)
}

describe('embedding components', () => {
  const training = embeddingsOf(100, 1)
  const fitted = fitEmbeddingComponents({ training, seed: 1, components: 4 })

  it('find the direction of largest variance', async () => {
    const given = embeddingsOf(5, 2)
    const values = await measureRows(fitted, { embeddings: given })
    let mean = 0
    for (const value of training.data) mean += value / training.data.length
    for (let row = 0; row < 5; row++) {
      let shared = 0
      for (let k = 0; k < size; k++) shared += given.data[row * size + k] / size
      const expected = (shared - mean) * Math.sqrt(size)
      assert.ok(Math.abs(values[4 * row] - expected) < 0.05, `${values[4 * row]}, ${expected}`)
    }
  })

  it('name a column of the classifier group for each', () => {
    assert.deepEqual(
      fitted.columns.map(({ name, group }) => `${group} ${name}`),
      [
        'classifier embedding-1',
        'classifier embedding-2',
        'classifier embedding-3',
        'classifier embedding-4',
      ],
    )
  })

  it('refuse a single row, other lengths and other shapes', async () => {
    assert.throws(() => fitEmbeddingComponents({ training: embeddingsOf(1, 1), seed: 1 }), {
      code: 'data.insufficient',
    })
    for (const shape of [[2, 3], [20]]) {
      const embeddings = tensor(shape, new Float32Array(shape.reduce((a, b) => a * b)))
      await assert.rejects(measureRows(fitted, { embeddings }), RangeError)
    }
  })
})
