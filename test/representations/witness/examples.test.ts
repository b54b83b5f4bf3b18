import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { jpegCompression } from '../../../src/images/index.ts'
import { drawExamples, type Examples } from '../../../src/representations/witness/draw-examples.ts'
import { encode, encodingOf } from '../../../src/representations/witness/encoding.ts'
import { knownChanges } from '../../../src/representations/witness/known-changes.ts'
import { storeAsPhotographs } from '../../../src/representations/witness/store-as-photographs.ts'
import { fitGaussianiser } from '../../../src/representations/outlier-score/gaussianiser.ts'
import { createRandom, type Tensor } from '../../../src/tensor/index.ts'

/** Smooth images, each of another colour. */
function images(count: number, [channels, height, width]: readonly [number, number, number]) {
  const random = createRandom(4)
  const area = height * width
  const data = new Float32Array(count * channels * area)
  for (let plane = 0; plane < count * channels; plane++) {
    const [level, slope] = [random.uniform(), random.uniform() - 0.5]
    for (let i = 0; i < area; i++) {
      const value = level + (slope * (i % width)) / width + (0.3 * Math.floor(i / width)) / height
      data[plane * area + i] = Math.round(255 * Math.min(1, Math.max(0, value))) / 255
    }
  }
  return { shape: [count, channels, height, width], data }
}

describe('storing images as photographs, hundreds in a file', () => {
  for (const shape of [
    [3, 32, 32],
    [1, 28, 28],
    [3, 17, 45],
    [2, 5, 3],
  ] as const) {
    it(`leaves of ${shape.join('×')} what each stored by itself leaves, but for its outermost rows`, async () => {
      const pixels = images(7, shape)
      const stacked = await storeAsPhotographs(pixels, createRandom(1))
      const own = await jpegCompression.apply(pixels, { random: createRandom(1), quality: 75 })
      assert.deepEqual(stacked.shape, pixels.shape)
      const [, height, width] = shape
      const largest = (isLooked: (row: number) => boolean): number =>
        stacked.data.reduce((most, value, i) => {
          const isOne = isLooked(Math.floor(i / width) % height)
          return isOne ? Math.max(most, Math.abs(value - own.data[i])) : most
        }, 0)
      const isOuter = (row: number): boolean => row === 0 || row === height - 1
      assert.ok(largest((row) => !isOuter(row)) <= 1.01 / 255)
      assert.ok(largest(isOuter) <= 6 / 255)
      const far = stacked.data.map((value, i) => Math.abs(value - pixels.data[i]))
      assert.ok(Math.max(...far) < 0.2, 'every image comes back as itself')
    })
  }

  it('leaves more images than fit one file as they are stored in few', async () => {
    const pixels = images(600, [1, 28, 20])
    const all = await storeAsPhotographs(pixels, createRandom(1))
    const size = 28 * 20
    const last = { shape: [1, 1, 28, 20], data: pixels.data.slice(-size) }
    const alone = await storeAsPhotographs(last, createRandom(1))
    assert.deepEqual(all.data.slice(-size), alone.data)
  })
})

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('examples of known changes', () => {
  const changes = knownChanges({ channels: 1, height: 16, width: 16 })
  const draw = async (training: Tensor, seed: number): Promise<Examples[]> =>
    collect(drawExamples(training, changes, createRandom(seed)))

  it('are four times as many unchanged images as of each change, in 8 bits', async () => {
    const examples = await draw(images(200, [1, 16, 16]), 1)
    assert.deepEqual(
      examples.map(({ label }) => label),
      Array.from({ length: changes.length + 1 }, (_, c) => c),
    )
    assert.deepEqual(
      examples.map(({ pixels }) => pixels.shape[0]),
      [200, ...changes.map(() => 50)],
    )
    for (const { pixels } of examples) {
      assert.ok(pixels.data.every((v) => Math.abs(255 * v - Math.round(255 * v)) < 1e-4))
    }
  })

  it('are forty of each change where there are few images', async () => {
    const [, first] = await draw(images(20, [1, 16, 16]), 1)
    assert.equal(first.pixels.shape[0], 40)
  })

  it('are the same for the same seed, and others for another', async () => {
    const training = images(40, [1, 16, 16])
    assert.deepEqual(await draw(training, 2), await draw(training, 2))
    assert.notDeepEqual(await draw(training, 2), await draw(training, 3))
  })
})

describe('the encoding of columns for a linear witness', () => {
  it('is normal scores, then the signed logarithm of how many deviations off the mean', () => {
    const random = createRandom(6)
    const rows = 400
    const values = Float32Array.from({ length: 3 * rows }, (_, i) =>
      i % 3 === 2 ? 5 : Math.exp(random.normal()),
    )
    const encoding = encodingOf(fitGaussianiser(values, 3), values)
    const encoded = encode(encoding, { values, rows, stride: 3, columns: Uint32Array.of(0, 1, 2) })
    assert.equal(encoded.length, 6 * rows)
    const column = (k: number) => values.filter((_, i) => i % 3 === k)
    for (const k of [0, 1]) {
      const own = column(k)
      const mean = own.reduce((sum, v) => sum + v, 0) / rows
      const deviation = 1 / encoding.perUnit[k]
      const order = [...own.keys()].toSorted((a, b) => own[a] - own[b])
      const scores = order.map((row) => encoded[6 * row + k])
      assert.ok(scores.every((score, i) => i === 0 || score >= scores[i - 1] - 1e-5))
      own.forEach((value, row) => {
        const z = (value - mean) / deviation
        const expected = Math.sign(z) * Math.log1p(Math.abs(z))
        assert.ok(Math.abs(encoded[6 * row + 3 + k] - expected) < 1e-4)
      })
    }
    assert.ok(column(2).every((_, row) => encoded[6 * row + 5] === 0))
    const far = Float32Array.of(1e4, -1e4, 5)
    const source = { values: far, rows: 1, stride: 3, columns: Uint32Array.of(0, 1, 2) }
    const [high, low, , howHigh] = encode(encoding, source)
    assert.deepEqual([high, low], [4, -4], 'normal scores are held')
    assert.ok(howHigh > 6, 'how far it is, the logarithm tells')
  })
})
