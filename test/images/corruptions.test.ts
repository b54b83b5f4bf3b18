import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  blank,
  brightness,
  channelSwap,
  contrast,
  CORRUPTIONS,
  darken,
  findCorruption,
  frozenFrame,
  gaussianNoise,
  halfFrame,
  imageShift,
  impulseNoise,
  jpegCompression,
  mixCorruption,
  occlusion,
  quantise,
  saturate,
  shotNoise,
  speckleNoise,
  stripe,
  stuckPixels,
  stuckRow,
  translate,
} from '../../src/images/index.ts'
import {
  createRandom,
  elementCount,
  sliceRows,
  tensor,
  type Tensor,
} from '../../src/tensor/index.ts'

function randomImages(shape: readonly number[], seed = 7): Tensor {
  const random = createRandom(seed)
  return tensor(
    shape,
    Float32Array.from({ length: elementCount(shape) }, () => random.uniform()),
  )
}

function grey(value: number, shape: readonly number[] = [1, 1, 100, 100]): Tensor {
  return tensor(shape, new Float32Array(elementCount(shape)).fill(value))
}

function moments({ data }: Tensor): { mean: number; deviation: number } {
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length
  return { mean, deviation: Math.sqrt(variance) }
}

function assertNear(actual: number, expected: number, tolerance: number): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `expected ${expected} ± ${tolerance}, got ${actual}`,
  )
}

const shapes = [
  [3, 1, 28, 28],
  [3, 3, 32, 32],
  [3, 3, 20, 30],
  [2, 2, 5, 7],
]

for (const corruption of CORRUPTIONS) {
  describe(`corruption ${corruption.name}`, () => {
    it('keeps the shape and the range at every severity and leaves its input alone', async () => {
      for (const shape of shapes) {
        const pixels = randomImages(shape)
        const before = pixels.data.slice()
        for (const parameters of corruption.severities) {
          const changed = await corruption.apply(pixels, { random: createRandom(3), ...parameters })
          assert.deepEqual(changed.shape, shape)
          assert.ok(changed.data.every((value) => value >= 0 && value <= 1))
        }
        assert.deepEqual(pixels.data, before)
      }
    })

    it('is decided by its seed', async () => {
      const pixels = randomImages([4, 3, 20, 30])
      const once = await corruption.apply(pixels, { random: createRandom(5) })
      const again = await corruption.apply(pixels, { random: createRandom(5) })
      assert.deepEqual(once.data, again.data)
    })

    it('changes a colour image by its defaults', async () => {
      const pixels = randomImages([2, 3, 20, 30])
      const changed = await corruption.apply(pixels, { random: createRandom(5) })
      assert.notDeepEqual(changed.data, pixels.data)
    })

    it('refuses a parameter it does not have', async () => {
      const pixels = randomImages([1, 1, 5, 5])
      await assert.rejects(
        async () => corruption.apply(pixels, { random: createRandom(1), strangeness: 1 }),
        TypeError,
      )
    })
  })
}

describe('corruptions', () => {
  it('have different names and are found by them', () => {
    assert.equal(new Set(CORRUPTIONS.map(({ name }) => name)).size, CORRUPTIONS.length)
    assert.equal(findCorruption('erosion').name, 'erosion')
    assert.throws(() => findCorruption('rust'), /expected a corruption .*erosion.*got rust/)
  })

  it('add Gaussian noise of the asked deviation, in 8-bit steps when asked', () => {
    const noisy = gaussianNoise.apply(grey(0.5), { random: createRandom(1), sigma: 0.1 }) as Tensor
    assertNear(moments(noisy).deviation, 0.1, 0.003)
    const options = { random: createRandom(1), sigma: 0.1, quantised: true }
    const stepped = gaussianNoise.apply(grey(0.5), options) as Tensor
    assert.ok(stepped.data.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-4))
  })

  it('strew salt and pepper over the asked share', () => {
    const { data } = impulseNoise.apply(grey(0.5), {
      random: createRandom(1),
      share: 0.2,
    }) as Tensor
    assertNear(data.filter((value) => value === 1).length / data.length, 0.1, 0.01)
    assertNear(data.filter((value) => value === 0).length / data.length, 0.1, 0.01)
  })

  it('give shot noise the mean and the variance of a Poisson count', () => {
    for (const photons of [25, 60, 900]) {
      const shot = shotNoise.apply(grey(0.5), { random: createRandom(1), photons }) as Tensor
      const deviation = Math.sqrt(0.5 / photons)
      assertNear(moments(shot).mean, 0.5, deviation / 20)
      assertNear(moments(shot).deviation, deviation, deviation / 20)
    }
  })

  it('scale speckle noise with the value', () => {
    const speckled = speckleNoise.apply(grey(0.25), {
      random: createRandom(1),
      sigma: 0.2,
    }) as Tensor
    assertNear(moments(speckled).deviation, 0.05, 0.002)
  })

  it('shift, darken, flatten and coarsen values as named', () => {
    const random = createRandom(1)
    const pixels = tensor([1, 1, 1, 4], Float32Array.of(0, 0.2, 0.6, 1))
    const after = (changed: Tensor | Promise<Tensor>): number[] =>
      Array.from((changed as Tensor).data, (value) => Number(value.toFixed(6)))
    assert.deepEqual(after(brightness.apply(pixels, { random, shift: 0.3 })), [0.3, 0.5, 0.9, 1])
    assert.deepEqual(after(brightness.apply(pixels, { random, shift: -0.3 })), [0, 0, 0.3, 0.7])
    assert.deepEqual(after(darken.apply(pixels, { random, factor: 0.5 })), [0, 0.1, 0.3, 0.5])
    assert.deepEqual(
      after(contrast.apply(pixels, { random, factor: 0.5 })),
      [0.225, 0.325, 0.525, 0.725],
    )
    assert.deepEqual(after(quantise.apply(pixels, { random, bits: 1 })), [0, 0, 1, 1])
    assert.deepEqual(after(blank.apply(pixels, { random })), [0, 0, 0, 0])
  })

  it('lose the lower half and keep the upper', () => {
    const half = halfFrame.apply(grey(1, [1, 1, 4, 3]), { random: createRandom(1) }) as Tensor
    assert.deepEqual([...half.data], [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
  })

  it('swap red and blue and keep grey images grey', () => {
    const random = createRandom(1)
    const pixels = tensor([1, 3, 1, 1], Float32Array.of(0.1, 0.5, 0.9))
    const swapped = channelSwap.apply(pixels, { random }) as Tensor
    assert.deepEqual([...swapped.data], [...Float32Array.of(0.9, 0.5, 0.1)])
    const lone = randomImages([1, 1, 4, 4])
    assert.deepEqual((channelSwap.apply(lone, { random }) as Tensor).data, lone.data)
  })

  it('change saturation as HSV does', () => {
    const pixels = tensor([1, 3, 1, 2], Float32Array.of(0.8, 0.4, 0.6, 0.4, 0.4, 0.4))
    const doubled = saturate.apply(pixels, {
      random: createRandom(1),
      factor: 1.5,
      offset: 0,
    }) as Tensor
    const expected = [0.8, 0.4, 0.5, 0.4, 0.2, 0.4]
    doubled.data.forEach((value, i) => assertNear(value, expected[i], 1e-6))
  })

  it('stick the same pixels and rows in every image', () => {
    const pixels = grey(0.5, [3, 2, 6, 6])
    const random = createRandom(1)
    for (const corruption of [stuckPixels, stuckRow]) {
      const stuck = corruption.apply(pixels, { random, count: 2, value: 1 }) as Tensor
      const images = [0, 1, 2].map((row) => Array.from(sliceRows(stuck, row, row + 1).data))
      assert.deepEqual(images[1], images[0])
      assert.deepEqual(images[2], images[0])
      const expected = corruption === stuckPixels ? 2 * 2 : 2 * 2 * 6
      assert.equal(images[0].filter((value) => value === 1).length, expected)
    }
  })

  it('freeze on one of the images', () => {
    const pixels = randomImages([4, 1, 5, 5])
    const frozen = frozenFrame.apply(pixels, { random: createRandom(2) }) as Tensor
    const rows = [0, 1, 2, 3].map((row) => Array.from(sliceRows(frozen, row, row + 1).data))
    assert.ok(rows.every((row) => row.join() === rows[0].join()))
    const originals = [0, 1, 2, 3].map((row) => Array.from(sliceRows(pixels, row, row + 1).data))
    assert.ok(originals.some((row) => row.join() === rows[0].join()))
  })

  it('hide a rectangle of the asked share', () => {
    const hidden = occlusion.apply(grey(1, [1, 1, 20, 30]), { random: createRandom(1), share: 0.5 })
    assert.equal((hidden as Tensor).data.filter((value) => value === 0).length, 10 * 15)
  })

  it('move by whole pixels diagonally', () => {
    const dot = new Float32Array(9 * 9)
    dot[4 * 9 + 4] = 1
    const moved = translate.apply(tensor([1, 1, 9, 9], dot), { random: createRandom(1), pixels: 2 })
    const at = (moved as Tensor).data.indexOf(1)
    assert.deepEqual([Math.abs(Math.floor(at / 9) - 4), Math.abs((at % 9) - 4)], [2, 2])
  })

  it('turn the outer quarters to their negative', () => {
    const striped = stripe.apply(grey(0.2, [1, 1, 1, 8]), { random: createRandom(1) }) as Tensor
    assert.deepEqual(
      Array.from(striped.data, (value) => Number(value.toFixed(3))),
      [0.8, 0.8, 0.2, 0.2, 0.2, 0.2, 0.8, 0.8],
    )
  })

  it('lose more to JPEG at a lower quality', async () => {
    const pixels = randomImages([2, 3, 32, 32])
    const loss = async (quality: number): Promise<number> => {
      const { data } = await jpegCompression.apply(pixels, { random: createRandom(1), quality })
      return data.reduce((sum, value, i) => sum + Math.abs(value - pixels.data[i]), 0)
    }
    assert.ok((await loss(10)) > 1.2 * (await loss(90)))
  })

  it('keep a flat image flat under an affine change with nearest surroundings', () => {
    const shifted = imageShift.apply(grey(0.4, [5, 3, 12, 9]), {
      random: createRandom(1),
    }) as Tensor
    shifted.data.forEach((value) => assertNear(value, 0.4, 1e-6))
  })
})

describe('mixCorruption', () => {
  it('corrupts the share asked for and names the rows, others and the order untouched', async () => {
    const pixels = randomImages([30, 1, 4, 4])
    const mixed = await mixCorruption(pixels, blank, { share: 0.1, random: createRandom(4) })
    assert.equal(new Set(mixed.affected).size, 3)
    for (let row = 0; row < 30; row++) {
      const got = Array.from(sliceRows(mixed.pixels, row, row + 1).data)
      const original = Array.from(sliceRows(pixels, row, row + 1).data)
      assert.deepEqual(got, mixed.affected.includes(row) ? original.map(() => 0) : original)
    }
  })

  it('rounds the share up to whole images and passes parameters on', async () => {
    const options = { share: 0.01, random: createRandom(1), parameters: { value: 1 } }
    const corruption = findCorruption('constant-frame')
    const mixed = await mixCorruption(grey(0.2, [20, 1, 2, 2]), corruption, options)
    assert.equal(mixed.affected.length, 1)
    assert.equal(mixed.pixels.data.filter((value) => value === 1).length, 4)
  })

  it('refuses a share beyond 1', async () => {
    const options = { share: 1.5, random: createRandom(1) }
    await assert.rejects(mixCorruption(grey(0, [2, 1, 2, 2]), blank, options), RangeError)
  })
})
