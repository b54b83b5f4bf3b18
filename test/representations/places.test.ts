import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { REPRESENTATION_KINDS, type Learning, placesOf } from '../../src/representations/index.ts'
import { createRandom, sliceRows, type Tensor } from '../../src/tensor/index.ts'

const kind = REPRESENTATION_KINDS.find(({ name }) => name === 'places')

type Shape = { readonly channels: number; readonly height: number; readonly width: number }

function imagesOf(count: number, { channels, height, width }: Shape, seed = 1): Tensor {
  const random = createRandom(seed)
  const data = new Float32Array(count * channels * height * width)
  return {
    shape: [count, channels, height, width],
    data: data.map(() => random.uniform()),
  }
}

async function fitPlaces(shape: Shape, pixels = imagesOf(30, shape)) {
  const fitted = await kind?.fit({ shape, training: { pixels } } as unknown as Learning)
  assert.ok(fitted?.places)
  return { fitted, meter: fitted.places }
}

/** Straight from the definition: the mean over channels, cells as even as whole pixels allow. */
function naiveMaps({ shape: [, channels, height, width], data }: Tensor, image: number) {
  const at = (c: number, y: number, x: number): number =>
    data[((image * channels + c) * height + y) * width + x]
  const over = Array.from({ length: channels }, (_, c) => c)
  const grey = (y: number, x: number): number =>
    over.reduce((sum, c) => sum + at(c, y, x), 0) / channels
  const near = (get: (y: number, x: number) => number, size: [number, number]) => {
    const hold = (v: number, most: number): number => Math.max(0, Math.min(most - 1, v))
    return (y: number, x: number): number => get(hold(y, size[0]), hold(x, size[1]))
  }
  const aboveMedian = (get: (y: number, x: number) => number, size: [number, number]) => {
    const held = near(get, size)
    return (y: number, x: number): number => {
      const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => held(y + dy, x + dx)))
      return get(y, x) - around.toSorted((a, b) => a - b)[4]
    }
  }
  const grid = (most: number, smallest: number): [number, number] => [
    Math.max(1, Math.min(most, Math.floor(height / smallest))),
    Math.max(1, Math.min(most, Math.floor(width / smallest))),
  ]
  const cellsOf = ([rows, columns]: [number, number]) =>
    Array.from({ length: rows * columns }, (_, i) => {
      const edge = (k: number, cells: number, length: number) => Math.round((k * length) / cells)
      const [r, c] = [Math.floor(i / columns), i % columns]
      const ys = range(edge(r, rows, height), edge(r + 1, rows, height))
      const xs = range(edge(c, columns, width), edge(c + 1, columns, width))
      return ys.flatMap((y) => xs.map((x): [number, number] => [y, x]))
    })
  const meanOver = (get: (y: number, x: number) => number, size: [number, number]) =>
    cellsOf(size).map((cell) => meanOf(cell.map(([y, x]) => get(y, x))))
  const [fine, middle, coarse] = [grid(32, 1), grid(16, 2), grid(8, 4)]
  const speck = aboveMedian(grey, [height, width])
  const specks = cellsOf(fine).map((cell) =>
    cell.map(([y, x]) => speck(y, x)).reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)),
  )
  const blocks = meanOver(grey, middle)
  const spot = aboveMedian((y, x) => blocks[y * middle[1] + x], middle)
  const spots = blocks.map((_, i) => spot(Math.floor(i / middle[1]), i % middle[1]))
  const held = near(grey, [height, width])
  const steps = meanOver(
    (y, x) => Math.abs(held(y, x + 1) - grey(y, x)) + Math.abs(held(y + 1, x) - grey(y, x)),
    coarse,
  )
  const step = meanOf(steps) + 0.002
  const light = meanOver(grey, coarse)
  const mean = meanOf(light)
  const spread = Math.sqrt(meanOf(light.map((one) => (one - mean) ** 2))) + 0.02
  const middleChannel = channels >> 1
  const tints = over
    .filter((c) => c !== middleChannel)
    .map((c) => {
      const own = meanOver((y, x) => at(c, y, x) - at(middleChannel, y, x), coarse)
      return own.map((one) => one - meanOf(own))
    })
  return [
    specks,
    spots,
    steps.map((one) => Math.log((one + 0.1 * step) / step)),
    light.map((one) => (one - mean) / spread),
    ...tints,
  ]
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length
}

/** Deviations of the training images, at least half a grey level. */
function scaleOf(rows: readonly (readonly number[])[]) {
  return rows[0].map((_, i) => {
    const own = rows.map((row) => row[i])
    const mean = meanOf(own)
    const deviation = Math.sqrt(meanOf(own.map((one) => (one - mean) ** 2)))
    return { mean, deviation: Math.max(1 / 510, deviation) }
  })
}

describe('places of the frame', () => {
  for (const shape of [
    { channels: 3, height: 32, width: 32 },
    { channels: 1, height: 28, width: 28 },
    { channels: 3, height: 50, width: 37 },
    { channels: 2, height: 7, width: 90 },
    { channels: 1, height: 1, width: 1 },
  ]) {
    it(`are what their definition says (${shape.channels}×${shape.height}×${shape.width})`, async () => {
      const training = imagesOf(30, shape)
      const { meter } = await fitPlaces(shape, training)
      const images = imagesOf(3, shape, 2)
      const measured = meter.measure(images)
      const cells = placesOf(meter.maps)
      assert.equal(measured.length, 3 * cells)
      const learned = Array.from({ length: 30 }, (_, i) => naiveMaps(training, i).flat())
      const scale = scaleOf(learned)
      assert.equal(learned[0].length, cells)
      for (let image = 0; image < 3; image++) {
        naiveMaps(images, image)
          .flat()
          .forEach((value, i) => {
            const steps = (42 * (value - scale[i].mean)) / scale[i].deviation
            const expected = Math.max(-126, Math.min(126, steps))
            // To the nearest step; sums of floats in another order may tip it.
            const got = measured[image * cells + i]
            assert.ok(Math.abs(got - expected) < 0.52, `image ${image}, ${i}: ${got}, ${expected}`)
          })
      }
    })
  }

  it('say what each map shows and how it is laid out', async () => {
    const { meter } = await fitPlaces({ channels: 3, height: 64, width: 40 })
    assert.deepEqual(
      meter.maps.map(({ name, rows, columns }) => [name, rows, columns]),
      [
        ['specks', 32, 32],
        ['spots', 16, 16],
        ['detail', 8, 8],
        ['light', 8, 8],
        ['tint-red', 8, 8],
        ['tint-blue', 8, 8],
      ],
    )
    assert.ok(meter.maps.every(({ title }) => title.length > 8))
  })

  it('are the same alone as among others, and after they were saved', async () => {
    const shape = { channels: 3, height: 32, width: 32 }
    const { fitted, meter } = await fitPlaces(shape)
    const images = imagesOf(40, shape, 3)
    const together = meter.measure(images)
    const cells = placesOf(meter.maps)
    const alone = meter.measure(sliceRows(images, 33, 34))
    assert.deepEqual(alone, together.slice(33 * cells, 34 * cells))
    const again = await kind?.load(fitted.save())
    assert.deepEqual(again?.places?.measure(images), together)
    assert.deepEqual(again?.places?.maps, meter.maps)
    assert.throws(() => meter.measure(imagesOf(2, { ...shape, width: 31 })), /expected pixels/)
  })

  it('see what is new at a place where training images never differ', async () => {
    const shape = { channels: 1, height: 12, width: 12 }
    const blank: Tensor = { shape: [5, 1, 12, 12], data: new Float32Array(5 * 144) }
    const { meter } = await fitPlaces(shape, blank)
    const marked = { shape: [1, 1, 12, 12], data: new Float32Array(144) }
    marked.data[5 * 12 + 7] = 1 / 255
    const specks = meter.measure(marked).subarray(0, 144)
    assert.equal(specks[5 * 12 + 7], 84)
    assert.equal(specks.filter((one) => one !== 0).length, 1)
  })
})
