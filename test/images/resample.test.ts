import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { resample, type WholePixels } from '../../src/images/codec/resample.ts'
import { createRandom } from '../../src/tensor/index.ts'

const grey = (
  height: number,
  width: number,
  at: (y: number, x: number) => number,
): WholePixels => ({
  shape: { channels: 1, height, width },
  layout: 'HWC',
  data: Uint8Array.from({ length: height * width }, (_, i) => at(Math.floor(i / width), i % width)),
})

/** Each value so many times, in rows of a width. */
function bands(values: Uint8Array, times: number, width: number): WholePixels {
  const data = new Uint8Array(values.length * times)
  values.forEach((value, i) => data.fill(value, i * times, (i + 1) * times))
  return { shape: greyShape(data.length / width, width), layout: 'HWC', data }
}

const greyShape = (height: number, width: number) => ({ channels: 1, height, width })

/** The rule in its own words: each target pixel is an average under a triangle as wide as the picture shrinks. */
function averageAlong(values: ArrayLike<number>, to: number): number[] {
  const ratio = values.length / to
  const reach = Math.max(1, ratio)
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * ratio
    const weights = Array.from(values, (__, k) =>
      Math.max(0, 1 - Math.abs(k + 0.5 - centre) / reach),
    )
    const total = weights.reduce((sum, weight) => sum + weight)
    return weights.reduce((sum, weight, k) => sum + weight * values[k], 0) / total
  })
}

const assertNear = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  assert.equal(actual.length, expected.length)
  Array.from(actual).forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]) < 0.51, `${value} at ${i}, not ${expected[i]}`),
  )
}

describe('a picture brought to another size', () => {
  it('is averaged alike, however much of it is in memory at once', () => {
    // A mebibyte holds 1,048 of the 1,125 rows that each row of the result is made of; the bright ones come behind.
    const rows = Uint8Array.from({ length: 1500 }, (_, i) => (i < 1048 ? i % 40 : 250))
    const { data } = resample(bands(rows, 1000, 1000), greyShape(2, 3), 'stretch')
    const [first, second] = averageAlong(rows, 2)
    assertNear(data, [first, first, first, second, second, second])
  })

  it('may have rows that are larger than what is in memory at once', () => {
    const stripes = Uint8Array.from({ length: 100 }, (_, i) => (7 * i) % 250)
    const wide = bands(stripes, 10_500, 1_050_000)
    assertNear(resample(wide, greyShape(1, 4), 'stretch').data, averageAlong(stripes, 4))
  })

  it('keeps at least one line of pixels between its margins', () => {
    const line = grey(1, 60, () => 99)
    const { data } = resample(line, greyShape(5, 5), 'contain')
    assert.deepEqual(
      [...data],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 99, 99, 99, 99, 99, ...Array(10).fill(0)],
    )
    const pillar = grey(60, 1, () => 99)
    assert.deepEqual(
      [...resample(pillar, greyShape(2, 4), 'contain').data],
      [0, 99, 0, 0, 0, 99, 0, 0],
    )
  })

  it('has its margins at the sides where it is tall, above and below where it is wide', () => {
    const tall = grey(3, 1, (y) => 10 + y)
    const black = [0, 0, 0]
    assert.deepEqual(
      [...resample(tall, greyShape(3, 4), 'contain').data],
      [0, 10, 0, 0, 0, 11, 0, 0, 0, 12, 0, 0],
    )
    const wide = grey(1, 3, (_, x) => 10 + x)
    assert.deepEqual(
      [...resample(wide, greyShape(4, 3), 'contain').data],
      [...black, 10, 11, 12, ...black, ...black],
    )
  })

  it('is filled to the last pixel where the smaller side decides, and shown whole where the larger does', () => {
    const two = grey(2, 4, (y, x) => 10 * y + x)
    assert.deepEqual([...resample(two, greyShape(2, 2), 'cover').data], [1, 2, 11, 12])
    assert.deepEqual(
      [...resample(two, greyShape(4, 4), 'contain').data],
      [0, 0, 0, 0, 0, 1, 2, 3, 10, 11, 12, 13, 0, 0, 0, 0],
    )
  })

  it('is the same by planes as by pixels, bytes and shorts, each channel by itself', () => {
    const random = createRandom(2)
    const [height, width] = [9, 7]
    for (const Numbers of [Uint8Array, Uint16Array]) {
      const limit = Numbers === Uint8Array ? 256 : 65_536
      for (const channels of [1, 2, 3]) {
        const area = height * width
        const planar = new Numbers(channels * area).map(() => random.integer(limit))
        const turn = (values: WholePixels['data'], size: number) =>
          values.map((_, i) => values[(i % channels) * size + Math.floor(i / channels)])
        const shape = { channels, height, width }
        for (const policy of ['stretch', 'cover', 'contain'] as const) {
          const to = { channels, height: 4, width: 11 }
          const byPlanes = resample({ shape, layout: 'CHW', data: planar }, to, policy)
          const byPixels = resample({ shape, layout: 'HWC', data: turn(planar, area) }, to, policy)
          assert.deepEqual([byPlanes.layout, byPixels.layout], ['CHW', 'HWC'])
          assert.deepEqual([byPlanes.shape, byPixels.shape], [to, to])
          assert.deepEqual(byPixels.data, turn(byPlanes.data, 44))
        }
      }
    }
  })

  it('keeps its channels, whatever is asked for', () => {
    const { shape } = resample(
      grey(4, 4, () => 1),
      { channels: 3, height: 2, width: 2 },
      'stretch',
    )
    assert.deepEqual(shape, { channels: 1, height: 2, width: 2 })
  })
})
