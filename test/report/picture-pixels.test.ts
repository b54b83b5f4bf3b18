import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { errorColour } from '../../src/report/error-colours.ts'
import {
  asGreyOrColour,
  errorCeiling,
  paintError,
  shrinkPicture,
} from '../../src/report/picture-pixels.ts'
import { createRandom, tensor } from '../../src/tensor/index.ts'

const mean = (values: Float32Array): number => values.reduce((sum, v) => sum + v, 0) / values.length

describe('error colours', () => {
  it('follow matplotlib’s inferno within 4 of 255', () => {
    const golden: number[][] = JSON.parse(
      readFileSync(new URL('../golden/inferno.json', import.meta.url), 'utf8'),
    )
    golden.forEach((expected, i) => {
      errorColour(i / 255).forEach((value, channel) => {
        assert.ok(Math.abs(value * 255 - expected[channel]) < 4, `step ${i}, channel ${channel}`)
      })
    })
  })

  it('keep the end colours outside of 0…1', () => {
    assert.deepEqual(errorColour(-1), errorColour(0))
    assert.deepEqual(errorColour(7), errorColour(1))
  })
})

describe('picture pixels', () => {
  it('shrink to the wanted edge, keeping proportions and mean', () => {
    const random = createRandom(1)
    const image = tensor(
      [3, 120, 60],
      Float32Array.from({ length: 21_600 }, () => random.uniform()),
    )
    const small = shrinkPicture(image, 30)
    assert.deepEqual(small.shape, [3, 30, 15])
    assert.ok(Math.abs(mean(small.data) - mean(image.data)) < 1e-6)
  })

  it('leave small images as they are', () => {
    const image = tensor([1, 28, 28], new Float32Array(784))
    assert.equal(shrinkPicture(image, 28), image)
  })

  it('average other channel counts to grey', () => {
    const image = tensor([2, 1, 2], Float32Array.of(0, 1, 1, 1))
    assert.deepEqual(asGreyOrColour(image), tensor([1, 1, 2], Float32Array.of(0.5, 1)))
  })

  it('paint the ceiling and everything above it in the brightest colour', () => {
    const painted = paintError(tensor([1, 2], Float32Array.of(0.2, 0.9)), 0.2)
    assert.deepEqual(painted.shape, [3, 1, 2])
    const brightest = errorColour(1).map(Math.fround)
    assert.deepEqual(
      [0, 2, 4].map((i) => painted.data[i]),
      brightest,
    )
    assert.deepEqual(
      [1, 3, 5].map((i) => painted.data[i]),
      brightest,
    )
  })

  it('put the ceiling below single outlying pixels, and never at zero', () => {
    const column = (error: Float32Array) => ({
      id: '',
      caption: '',
      original: tensor([1, 20, 20], new Float32Array(400)),
      reconstruction: tensor([1, 20, 20], new Float32Array(400)),
      error: tensor([20, 20], error),
    })
    const errors = new Float32Array(400).fill(0.1)
    errors[7] = 1
    assert.equal(errorCeiling([column(errors)]), Math.fround(0.1))
    assert.equal(errorCeiling([column(new Float32Array(400))]), 1)
  })
})
