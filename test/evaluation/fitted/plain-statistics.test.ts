import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { columnMoments, plainStatistics } from '../../../evaluation/fitted/plain-statistics.ts'

const ramp = Float32Array.from({ length: 25 }, (_, i) => (i % 5) / 4)

describe('plainStatistics', () => {
  it('tells mean, spread, extremes and quantiles of a ramp, its steps, and black and white shares', () => {
    const { width, values } = plainStatistics({ shape: [1, 1, 5, 5], data: ramp })
    assert.equal(width, 11)
    const expected = [0.5, Math.sqrt(0.125), 0, 0, 0.5, 1, 1, (9 * 0.5) / 25, 0, 0.2, 0.2]
    values.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 1e-6, `column ${i}`))
  })

  it('of colour images tells red and blue against green at the end', () => {
    const data = Float32Array.of(
      ...Array<number>(9).fill(0.5),
      ...Array<number>(9).fill(0.25),
      ...Array<number>(9).fill(0),
    )
    const { values } = plainStatistics({ shape: [1, 3, 3, 3], data })
    assert.deepEqual(values.slice(9), Float32Array.of(0.25, -0.25))
  })

  it('keeps images apart', () => {
    const two = plainStatistics({
      shape: [2, 1, 5, 5],
      data: Float32Array.of(...ramp, ...ramp.map((v) => v / 2)),
    })
    assert.deepEqual([two.values[0], two.values[11]], [0.5, 0.25])
  })
})

describe('columnMoments', () => {
  it('gives mean and population deviation of each column', () => {
    const view = { width: 2, values: Float32Array.of(1, 10, 3, 10) }
    assert.deepEqual(columnMoments(view), [
      { mean: 2, deviation: 1 },
      { mean: 10, deviation: 0 },
    ])
  })
})
