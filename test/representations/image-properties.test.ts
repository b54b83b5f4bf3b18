import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { ImageShape } from '../../src/images/index.ts'
import {
  columnValues,
  createImageProperties,
  type FeatureTable,
  loadImageProperties,
  tableOf,
  measureRows,
} from '../../src/representations/index.ts'
import { createRandom, type Tensor, tensor } from '../../src/tensor/index.ts'
import { describeRepresentation } from '../contracts/representation.ts'
import { mapValues, sampleImages } from './image-samples.ts'

type GoldenCase = {
  readonly title: string
  readonly shape: readonly [number, number, number]
  /** The level that is 1.0. */
  readonly white: number
  readonly levels: readonly number[]
  readonly columns: Readonly<Record<string, number>>
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/image-properties.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly GoldenCase[] }

const shapes: readonly ImageShape[] = [
  { channels: 1, height: 28, width: 28 },
  { channels: 3, height: 32, width: 32 },
  { channels: 1, height: 17, width: 23 },
  { channels: 2, height: 5, width: 4 },
  { channels: 3, height: 1, width: 1 },
  { channels: 1, height: 1, width: 1 },
  { channels: 1, height: 1, width: 40 },
  { channels: 1, height: 40, width: 1 },
]

for (const shape of shapes) {
  const name = `image properties of ${shape.channels}×${shape.height}×${shape.width}`
  describeRepresentation(name, async () => ({
    representation: createImageProperties(shape),
    inputs: { pixels: sampleImages(4, shape) },
    load: loadImageProperties,
  }))
}

describe('image properties', () => {
  for (const { title, shape, white, levels, columns } of golden.cases) {
    it(`agree with NumPy on every column: ${title}`, async () => {
      const [channels, height, width] = shape
      const pixels = tensor(
        [1, ...shape],
        Float32Array.from(levels, (level) => level / white),
      )
      const properties = createImageProperties({ channels, height, width })
      const values = await measureRows(properties, { pixels })
      assert.deepEqual(
        properties.columns.map(({ name }) => name).toSorted(),
        Object.keys(columns).toSorted(),
      )
      properties.columns.forEach(({ name }, k) => {
        const expected = columns[name]
        const allowed = 2e-5 * Math.max(1, Math.abs(expected))
        assert.ok(Math.abs(values[k] - expected) <= allowed, `${name}: ${values[k]}, ${expected}`)
      })
    })
  }

  it('are about 60 for grey and 80 for colour images, all of one group', () => {
    for (const [shape, low, high] of [
      [shapes[0], 50, 65],
      [shapes[1], 70, 85],
    ] as const) {
      const { columns } = createImageProperties(shape)
      assert.ok(columns.length >= low && columns.length <= high, String(columns.length))
      assert.ok(columns.every(({ group }) => group === 'property'))
    }
  })

  it('stay finite on black, white and grey images of any size', async () => {
    for (const shape of shapes) {
      const [channels, height, width] = [shape.channels, shape.height, shape.width]
      for (const value of [0, 0.3, 1]) {
        const data = new Float32Array(channels * height * width).fill(value)
        const values = await measureRows(createImageProperties(shape), {
          pixels: tensor([1, channels, height, width], data),
        })
        assert.ok(values.every((number) => Number.isFinite(number)))
      }
    }
  })
})

const shape = { channels: 1, height: 28, width: 28 }
const images = sampleImages(200, shape)
const stuckPixel = 5 * 28 + 20

/** The clean images and the changed ones: share of pairs in which the changed image has the larger value. */
async function chanceOfLarger(change: (images: Tensor) => Tensor, name: string): Promise<number> {
  const clean = columnValues(await measure(images), name)
  const changed = columnValues(await measure(change(images)), name)
  let larger = 0
  for (const a of changed) for (const b of clean) larger += a > b ? 1 : a === b ? 0.5 : 0
  return larger / (clean.length * changed.length)
}

async function measure(pixels: Tensor): Promise<FeatureTable> {
  const [, channels, height, width] = pixels.shape
  const properties = createImageProperties({ channels, height, width })
  return tableOf(properties.columns, await measureRows(properties, { pixels }))
}

function negative(pixels: Tensor): Tensor {
  return mapValues(pixels, (v) => 1 - v)
}

function quantised(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 255) / 255
}

describe('image properties show', () => {
  it('noise of one grey level that was not quantised, in every image', async () => {
    const random = createRandom(1)
    const noisy = (clean: Tensor): Tensor =>
      mapValues(clean, (v) => Math.min(1, Math.max(0, v + random.normal() / 255)))
    assert.equal(await chanceOfLarger(noisy, 'off-grid-fraction'), 1)
    assert.equal(await chanceOfLarger(noisy, 'off-fine-grid-fraction'), 1)
  })

  it('16-bit data as off the 8-bit grid and on the 16-bit grid', async () => {
    const random = createRandom(2)
    const deep = mapValues(images, () => random.integer(65536) / 65535)
    const table = await measure(deep)
    assert.ok(columnValues(table, 'off-grid-fraction').every((share) => share > 0.97))
    assert.ok(columnValues(table, 'off-fine-grid-fraction').every((share) => share === 0))
  })

  it('quantisation to 3 bits', async () => {
    const coarse = (clean: Tensor): Tensor =>
      mapValues(clean, (v) => quantised(Math.round(v * 7) / 7))
    assert.equal(await chanceOfLarger(coarse, 'grey-levels'), 0)
  })

  it('a lost lowest bit', async () => {
    const even = (clean: Tensor): Tensor =>
      mapValues(clean, (v) => (Math.round(v * 255) & 254) / 255)
    assert.equal(await chanceOfLarger(even, 'odd-level-fraction'), 0)
  })

  it('a pixel stuck at white on dark and at black on bright images', async () => {
    const stuck = (clean: Tensor): Tensor =>
      mapValues(clean, (v, i) => (i % 784 === stuckPixel ? 1 : v))
    assert.ok((await chanceOfLarger(stuck, 'bright-spike')) > 0.95)
    const dark = columnValues(await measure(negative(stuck(images))), 'dark-spike')
    assert.deepEqual(dark, columnValues(await measure(stuck(images)), 'bright-spike'))
  })

  it('a stuck row', async () => {
    const stuck = (clean: Tensor): Tensor =>
      mapValues(clean, (v, i) => (Math.floor((i % 784) / 28) === 9 ? 1 : v))
    assert.ok((await chanceOfLarger(stuck, 'row-line')) > 0.95)
    assert.equal(await chanceOfLarger(stuck, 'row-minimum-std'), 0)
  })

  it('a blank frame', async () => {
    const blank = (clean: Tensor): Tensor => mapValues(clean, () => 0)
    assert.equal(await chanceOfLarger(blank, 'zero-fraction'), 1)
    assert.equal(await chanceOfLarger(blank, 'content-right'), 0)
  })

  it('a lost lower half as brightness that moved up', async () => {
    const half = (clean: Tensor): Tensor => mapValues(clean, (v, i) => (i % 784 < 392 ? v : 0))
    assert.ok((await chanceOfLarger(half, 'center-y')) < 0.2)
    assert.ok((await chanceOfLarger(half, 'zero-fraction')) > 0.95)
  })

  it('swapped colour channels as a change of warmth, and lost colour as colourless', async () => {
    const photo = mapValues(sampleImages(1, { channels: 3, height: 8, width: 8 }), (v, i) =>
      quantised(i < 64 ? v : i < 128 ? v / 2 : v / 4),
    )
    const swapped = mapValues(photo, (_, i) => photo.data[(2 - Math.floor(i / 64)) * 64 + (i % 64)])
    const grey = mapValues(photo, (_, i) => photo.data[i % 64])
    const [warm] = columnValues(await measure(photo), 'warmth')
    const [cold] = columnValues(await measure(swapped), 'warmth')
    assert.ok(warm > 0 && Math.abs(warm + cold) < 1e-6)
    assert.deepEqual([...columnValues(await measure(grey), 'colourless-fraction')], [1])
  })
})
