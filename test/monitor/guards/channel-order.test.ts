import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { channelOrder } from '../../../src/monitor/guards/channel-order.ts'
import type { ImageNumbers } from '../../../src/monitor/guards/guard-reference.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const random = createRandom(4)

/** Colours of an image: `cast` is how much redder than blue it is on average, of a spread of 0.12. */
function imageOf(cast: number, deviation = 0): ImageNumbers {
  const red = 0.5 + cast + 0.12 * random.normal()
  const own: Readonly<Record<string, number>> = {
    'red-mean': red,
    'blue-mean': 0.5,
    'red-std': 0.2 + deviation + 0.04 * random.normal(),
    'blue-std': 0.2,
    'red-green-correlation': 0.9 + 0.1 * random.normal(),
    'green-blue-correlation': 0.9,
  }
  return (column) => own[column] ?? Number.NaN
}

/** The same in light that is bluer: red and blue so many times as bright, with their contrasts. */
function inLight(image: ImageNumbers, [red, blue]: readonly [number, number]): ImageNumbers {
  return (column) => {
    if (!/-(?:mean|std)$/.test(column)) return image(column)
    return image(column) * (column.startsWith('red') ? red : blue)
  }
}

const imagesOf = (count: number, cast: number, deviation?: number) =>
  Array.from({ length: count }, () => imageOf(cast, deviation))
const lookFor = (numbers: readonly ImageNumbers[]) =>
  channelOrder.prepare({
    numbers,
    ascending: () => new Float32Array(),
    shareOf: () => 0,
    tolerates: () => false,
  })
const photographs = lookFor(imagesOf(2000, 0.05, -0.02))
// oxlint-disable-next-line eslint/max-params -- the last, more of them, and what was said before
const shareOf = (few: readonly ImageNumbers[], many: readonly ImageNumbers[] = [], was = false) =>
  photographs({ numbers: few, many, arrivals: 50, unread: 0, repeats: undefined }, was).share

describe('red and blue that have changed places', () => {
  it('are found of some hundred images where fifty say too little, and are so until images say otherwise', () => {
    const swapped = imagesOf(300, -0.05, 0.02)
    assert.equal(shareOf(imagesOf(50, 0.05, -0.02), imagesOf(300, 0.05, -0.02)), 0)
    assert.equal(shareOf(swapped.slice(0, 10)), 0)
    assert.equal(shareOf(swapped.slice(0, 10), swapped), 1)
    assert.equal(shareOf(swapped.slice(0, 10), [], true), 1)
    assert.equal(shareOf([], [], true), 1)
    assert.equal(shareOf(imagesOf(50, 0.05, -0.02), [], true), 0)
  })

  it('are told from light of another colour, which leaves contrasts as they are', () => {
    assert.equal(shareOf(imagesOf(50, -0.05, -0.02), imagesOf(300, -0.05, -0.02)), 0)
    assert.equal(shareOf(imagesOf(50, 0.3, -0.02), imagesOf(300, 0.3, -0.02)), 0)
  })

  it('are told from bluer light, which turns contrasts with the colours', () => {
    const look = lookFor(imagesOf(2000, 0.05, 0.02))
    for (const light of [
      [0.9, 1.1],
      [0.93, 1.03],
      [0.85, 1.15],
    ] as const) {
      const many = imagesOf(300, 0.05, 0.02).map((image) => inLight(image, light))
      const seen = { numbers: many.slice(0, 50), many, arrivals: 50, unread: 0, repeats: undefined }
      assert.equal(look(seen, false).share, 0, light.join(', '))
    }
  })

  it('are not looked for where images have no colours', () => {
    const grey = lookFor(Array.from({ length: 50 }, (): ImageNumbers => () => Number.NaN))
    const seen = { numbers: imagesOf(50, 0), many: [], arrivals: 50, unread: 0, repeats: undefined }
    assert.equal(grey(seen, false).share, 0)
  })
})
