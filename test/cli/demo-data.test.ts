import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadDigits, renderLetters } from '../../src/cli/demo-data/index.ts'
import { fitOutline, flattenPath, type Outline } from '../../src/cli/demo-data/outline.ts'
import { packageFolder } from '../../src/cli/demo-data/package-folder.ts'
import { rasterise } from '../../src/cli/demo-data/rasterise.ts'

const SIZE = 4
const square = (left: number, right: number): number[] => [left, 0, right, 0, right, 4, left, 4]

function draw(outline: Outline): number[][] {
  const image = new Float32Array(SIZE * SIZE)
  rasterise(outline, SIZE, image)
  return Array.from({ length: SIZE }, (_, row) => [...image.subarray(row * SIZE, (row + 1) * SIZE)])
}

describe('rasterise', () => {
  it('covers each pixel by the share of it that lies inside', () => {
    assert.deepEqual(
      draw([square(0.25, 2.5)]),
      Array.from({ length: SIZE }, () => [0.75, 1, 0.5, 0]),
    )
  })

  it('leaves a hole where a contour runs the other way round', () => {
    const hole = [1, 1, 1, 3, 3, 3, 3, 1]
    assert.deepEqual(draw([square(0, 4), hole]), [
      [1, 1, 1, 1],
      [1, 0, 0, 1],
      [1, 0, 0, 1],
      [1, 1, 1, 1],
    ])
  })

  it('fills where two contours of one direction overlap', () => {
    assert.deepEqual(draw([square(0, 3), square(1, 4)]).flat(), Array(16).fill(1))
  })

  it('gives a triangle half of its square', () => {
    const covered = draw([[0, 0, 4, 0, 0, 4]]).flat()
    assert.ok(Math.abs(covered.reduce((sum, value) => sum + value) - 8) < 1e-6)
  })
})

describe('outline', () => {
  it('follows quadratic and cubic curves to their ends', () => {
    const [contour = []] = flattenPath([
      { type: 'M', x: 0, y: 0 },
      { type: 'Q', x1: 2, y1: 4, x: 4, y: 0 },
      { type: 'C', x1: 4, y1: -2, x2: 0, y2: -2, x: 0, y: 0 },
      { type: 'Z' },
    ])
    const middleOfQuadratic = contour.slice(8, 10)
    const middleOfCubic = contour.slice(24, 26)
    assert.deepEqual(middleOfQuadratic, [2, 2])
    assert.deepEqual(middleOfCubic, [2, -1.5])
    assert.deepEqual(contour.slice(-2), [0, 0])
  })

  it('stretches on both axes to fill the square', () => {
    assert.deepEqual(fitOutline([[10, 5, 20, 5, 20, 6, 10, 6]], 28), [[0, 0, 28, 0, 28, 28, 0, 28]])
  })

  it('leans to the right under a positive slant', () => {
    const [upright] = fitOutline([square(0, 4)], 4)
    const [slanted] = fitOutline([square(0, 4)], 4, 1)
    assert.deepEqual(upright, [0, 0, 4, 0, 4, 4, 0, 4])
    assert.deepEqual(slanted, [2, 0, 4, 0, 2, 4, 0, 4])
  })
})

describe('demo data', () => {
  it('reads digits with their labels in the order of MNIST', async () => {
    const { training, test } = await loadDigits({ trainingCount: 8, testCount: 3 })
    assert.deepEqual(training.labels, ['5', '0', '4', '1', '9', '2', '1', '3'])
    assert.deepEqual(test.labels, ['7', '2', '1'])
    assert.deepEqual(test.pixels.shape, [3, 1, 28, 28])
    assert.equal(Math.max(...test.pixels.data), 1)
  })

  it('renders letters that fill their image, the same for the same seed', async () => {
    const { pixels, labels } = await renderLetters({ count: 200, seed: 3 })
    const again = await renderLetters({ count: 200, seed: 3 })
    const other = await renderLetters({ count: 200, seed: 4 })
    assert.deepEqual(pixels.shape, [200, 1, 28, 28])
    assert.deepEqual([...new Set(labels)].toSorted().join(''), 'ABCDEFGHIJ')
    assert.deepEqual(again, { pixels, labels })
    assert.notDeepEqual(other.pixels, pixels)
    for (let row = 0; row < 200; row++) {
      const image = pixels.data.subarray(row * 784, (row + 1) * 784)
      assert.ok(image.every((value) => value >= 0 && value <= 1))
      assert.deepEqual(darkBorders(image), [], `letter ${labels[row]} in row ${row}`)
    }
  })

  it('names the packages to install where they are missing', () => {
    assert.throws(() => packageFolder('no-such-package', ['no-such-package', 'its-friend']), {
      code: 'source.unreadable',
      hint: /npm install no-such-package its-friend/,
    })
  })
})

/** Sides of a 28×28 image that nothing touches. */
function darkBorders(image: Float32Array): string[] {
  const along = Array.from({ length: 28 }, (_, i) => i)
  const sides = {
    top: along.map((i) => image[i]),
    bottom: along.map((i) => image[27 * 28 + i]),
    left: along.map((i) => image[i * 28]),
    right: along.map((i) => image[i * 28 + 27]),
  }
  return Object.entries(sides).flatMap(([side, values]) =>
    values.every((value) => value === 0) ? [side] : [],
  )
}
