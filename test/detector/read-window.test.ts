import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  LARGEST_WINDOW,
  readWindow,
  type ReadWindowOptions,
} from '../../src/detector/read-window.ts'
import type { ImageBatch, ImageSource } from '../../src/images/index.ts'
import { tensor } from '../../src/tensor/index.ts'

/** Images of one pixel whose value is their number over `count`, given in batches of 500. */
function numbered(count: number, skipEvery = Number.POSITIVE_INFINITY): ImageSource {
  return {
    kind: 'array',
    location: 'memory',
    batches: async function* batches({ onSkip }): AsyncGenerator<ImageBatch> {
      for (let start = 0; start < count; start += 500) {
        const numbers = Array.from({ length: Math.min(500, count - start) }, (_, i) => start + i)
        const [bad, good] = [true, false].map((wanted) =>
          numbers.filter((number) => ((number + 1) % skipEvery === 0) === wanted),
        )
        for (const number of bad) {
          onSkip?.({ id: String(number), code: 'image.undecodable', message: 'damaged' })
        }
        yield {
          pixels: tensor(
            [good.length, 1, 1, 1],
            Float32Array.from(good, (number) => number / count),
          ),
          records: good.map((number) => ({ id: String(number) })),
        }
      }
    },
  }
}

/** Two columns: the pixel, and a loss of one more. */
function options(extra: Partial<ReadWindowOptions> = {}): ReadWindowOptions {
  return {
    shape: { channels: 1, height: 1, width: 1 },
    resize: 'stretch',
    strict: false,
    seed: 1,
    columnCount: 2,
    lossColumn: 1,
    transform: async ({ data }) =>
      Float32Array.from([...data].flatMap((value) => [value, value + 1])),
    ...extra,
  }
}

describe('window', () => {
  it('keeps every image of a batch in reading order, with its features', async () => {
    const { rows, values, count, loss } = await readWindow(numbered(700), options())
    assert.equal(count, 700)
    assert.deepEqual(
      rows.map(({ position }) => position),
      Array.from({ length: 700 }, (_, i) => i),
    )
    assert.ok(rows.every(({ record, position }) => record.id === String(position)))
    assert.ok(Math.abs(values[2 * 350] - 0.5) < 1e-6)
    assert.ok(Math.abs(loss.mean - (1 + 699 / 1400)) < 1e-6)
  })

  it('samples a large batch evenly, still in reading order, and takes the loss of all of it', async () => {
    const total = 25_000
    const { rows, values, count, loss } = await readWindow(numbered(total), options())
    assert.equal(count, total)
    assert.equal(rows.length, LARGEST_WINDOW)
    const positions = rows.map(({ position }) => position)
    assert.ok(positions.every((position, i) => i === 0 || position > positions[i - 1]))
    assert.ok(rows.every(({ record, position }) => record.id === String(position)))
    assert.ok(rows.every(({ position }, i) => Math.abs(values[2 * i] - position / total) < 1e-6))
    const mean = positions.reduce((sum, position) => sum + position, 0) / rows.length
    // Four standard errors of the mean of a uniform sample.
    assert.ok(Math.abs(mean / total - 0.5) < (4 * Math.sqrt(1 / 12)) / Math.sqrt(LARGEST_WINDOW))
    assert.ok(Math.abs(loss.mean - (1 + (total - 1) / (2 * total))) < 1e-6)
    assert.equal(loss.count, total)
  })

  it('counts and names the images that could not be read', async () => {
    const { rows, count, skipped } = await readWindow(numbered(100, 25), options())
    assert.equal(count, 96)
    assert.deepEqual(
      skipped.named.map(({ id }) => id),
      ['24', '49', '74', '99'],
    )
    assert.equal(rows.at(-1)?.record.id, '98')
    assert.equal(rows.at(-1)?.position, 95)
  })

  it('hands on every image as it is measured, sampled or not', async () => {
    const seen: string[] = []
    const onFeatures: ReadWindowOptions['onFeatures'] = (records, values) => {
      assert.equal(values.length, 2 * records.length)
      seen.push(...records.map(({ id }) => id))
    }
    await readWindow(numbered(12_000), options({ onFeatures }))
    assert.deepEqual(
      seen,
      Array.from({ length: 12_000 }, (_, i) => String(i)),
    )
  })
})
