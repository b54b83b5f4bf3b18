import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { estimateDensity } from '../../src/charts/density.ts'

describe('estimateDensity', () => {
  it('agrees with SciPy to a hundredth of the peak', () => {
    const golden: { values: number[]; heights: number[] } = JSON.parse(
      readFileSync(new URL('../golden/density.json', import.meta.url), 'utf8'),
    )
    const { heights } = estimateDensity(golden.values, [0, 1])
    heights.forEach((height, i) => {
      assert.ok(Math.abs(height - golden.heights[i]) < 0.01, `${height} at point ${i}`)
    })
  })
})
