import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { labelDiscriminants, projectRows } from '../../src/statistics/label-shift/discriminants.ts'
import { createRandom, matrix, solve } from '../../src/tensor/index.ts'
import { assertClose } from './golden.ts'

describe('the discriminants of labels', () => {
  it('are the labels’ means over the scatter within them, a hundredth of its mean added', () => {
    const values = Float32Array.of(0, 2, 4, 6)
    const labels = Uint32Array.of(0, 0, 1, 1)
    const { rows, columns, data } = labelDiscriminants({ width: 1, values }, labels, 2)
    assert.deepEqual([rows, columns], [1, 2])
    // Means of 1 and 5, a variance of 1.
    assertClose(data[0], 1 / 1.01)
    assertClose(data[1], 5 / 1.01)
  })

  it('solve the covariance of outputs that depend on each other, also for a label without rows', () => {
    const random = createRandom(1)
    const [width, rows, count] = [3, 40, 4]
    const labels = Uint32Array.from({ length: rows }, (_, row) => [0, 1, 3][row % 3])
    const values = new Float32Array(rows * width)
    for (let row = 0; row < rows; row++) {
      const shared = random.normal()
      for (let k = 0; k < width; k++) {
        values[row * width + k] = shared + 0.5 * random.normal() + labels[row] * (k - 1)
      }
    }
    const at = (row: number, k: number) => values[row * width + k]
    const rowsOf = (label: number) => [...labels.keys()].filter((row) => labels[row] === label)
    const meanOf = (label: number, k: number) =>
      rowsOf(label).reduce((sum, row) => sum + at(row, k), 0) / Math.max(1, rowsOf(label).length)
    const covariance = Float64Array.from({ length: width * width }, (_, i) => {
      const [j, k] = [Math.floor(i / width), i % width]
      const products = Array.from(labels, (label, row) => {
        return (at(row, j) - meanOf(label, j)) * (at(row, k) - meanOf(label, k))
      })
      return products.reduce((sum, one) => sum + one, 0) / rows
    })
    const trace = [0, 1, 2].reduce((sum, k) => sum + covariance[k * width + k], 0)
    for (const k of [0, 1, 2]) covariance[k * width + k] += (0.01 * trace) / width
    const found = labelDiscriminants({ width, values }, labels, count)
    for (let label = 0; label < count; label++) {
      const means = Float64Array.from({ length: width }, (_, k) => meanOf(label, k))
      const expected = solve(matrix(width, width, covariance), means)
      expected.forEach((one, k) => assertClose(found.data[k * count + label], one, 1e-9))
    }
    assert.ok([0, 1, 2].every((k) => found.data[k * count + 2] === 0))
  })

  it('are the means themselves where nothing scatters within labels', () => {
    const outputs = { width: 2, values: Float32Array.of(3, 1, 0, 5, 3, 1) }
    const { data } = labelDiscriminants(outputs, Uint32Array.of(0, 1, 0), 2)
    assert.deepEqual([...data], [3, 0, 1, 5])
  })

  it('make a row of as many numbers as there are labels', () => {
    const by = matrix(2, 3, Float64Array.of(1, 2, 3, 10, 20, 30))
    const { width, values } = projectRows({ width: 2, values: Float32Array.of(1, 2, 3, 4) }, by)
    assert.equal(width, 3)
    assert.deepEqual([...values], [21, 42, 63, 43, 86, 129])
  })
})
