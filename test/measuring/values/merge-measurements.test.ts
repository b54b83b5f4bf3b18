import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  foldMeasurements,
  mergeMeasurements,
  sampleMeasurements,
} from '../../../src/measuring/values/merge-measurements.ts'
import {
  type Measurements,
  noMeasurements,
  periodOf,
  sumExactly,
} from '../../../src/measuring/values/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const by = {
  extractorId: 'e',
  columns: [
    { name: 'loss', group: 'reconstruction', title: 'loss' },
    { name: 'place', group: 'property', title: 'its own place' },
  ],
} as const

/** Images at these places of one source, every seventh unreadable. */
function measured(places: readonly number[]): Measurements {
  const [bad, good] = [true, false].map((wanted) => places.filter((p) => (p % 7 === 3) === wanted))
  return {
    ...by,
    images: good.map((place) => ({ record: { id: `image ${place}` }, place, hash: place % 50 })),
    values: Float32Array.from(good.flatMap((place) => [Math.fround(1 / (place + 1)), place])),
    count: good.length,
    loss: sumExactly(good.map((place) => Math.fround(1 / (place + 1)))),
    period: periodOf(good.map((place) => ({ timestamp: timeOf(place) }))),
    skipped: {
      named: bad
        .slice(0, 100)
        .map((place) => ({ id: `image ${place}`, code: 'image.undecodable', message: 'm', place })),
      counts: bad.length === 0 ? {} : { 'image.undecodable': bad.length },
      total: bad.length,
    },
    sources: [{ location: 'here', kind: 'folder', decoding: 'd' }],
    notes: places.length > 500 ? ['many', 'a note'] : ['a note'],
    modelOutputs: [],
  }
}

/** Every third image has no time. */
function timeOf(place: number): string | undefined {
  return place % 3 === 0 ? undefined : new Date(1e12 + 1000 * place).toISOString()
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** As many shards, place by place, each in a shuffled order among the others. */
function shards(count: number, of: number, seed: number): Measurements[] {
  const parts = range(of).map((shard) => measured(range(count).filter((p) => p % of === shard)))
  return Array.from(createRandom(seed).permutation(of), (i) => parts[i])
}

describe('measurements', () => {
  it('are the same to the bit from any shards in any order, sampled or not', () => {
    for (const largest of [10_000, 100]) {
      const whole = mergeMeasurements([measured(range(3000))], by, largest)
      for (const seed of [1, 2, 3]) {
        const merged = mergeMeasurements(shards(3000, 16, seed), by, largest)
        assert.deepEqual({ ...merged, notes: [] }, { ...whole, notes: [] })
      }
    }
  })

  it('merge alike however they are grouped', () => {
    const [a, b, c, ...rest] = shards(2000, 16, 1)
    const merge = (...parts: Measurements[]) => mergeMeasurements(parts, by, 150)
    const flat = merge(a, b, c, ...rest)
    assert.deepEqual(merge(merge(a, b), merge(c, merge(...rest))), flat)
    assert.deepEqual(merge(noMeasurements(by), flat), flat)
    assert.deepEqual(merge(...rest.toReversed(), merge(c, a), b, noMeasurements(by)), flat)
  })

  it('keep all rows in the order of their source while there are few', () => {
    const { images, values, count } = mergeMeasurements(shards(70, 4, 1), by)
    assert.equal(count, 60)
    assert.equal(images.length, 60)
    images.forEach(({ place, record }, i) => {
      assert.equal(record.id, `image ${place}`)
      assert.equal(values[2 * i + 1], place)
      assert.ok(i === 0 || place > images[i - 1].place)
    })
  })

  it('sample evenly beyond that, and count all', () => {
    const total = 21_000
    const fold = foldMeasurements(by, 1000)
    for (let start = 0; start < total; start += 700) {
      fold.add(measured(range(700).map((i) => start + i)))
    }
    const { images, values, count, loss, skipped } = fold.taken()
    assert.equal(count, 18_000)
    assert.equal(loss.count, 18_000)
    assert.equal(skipped.total, 3000)
    assert.equal(images.length, 1000)
    images.forEach(({ place }, i) => assert.equal(values[2 * i + 1], place))
    const mean = images.reduce((sum, { place }) => sum + place, 0) / images.length
    // Four standard errors of the mean of a uniform sample.
    assert.ok(Math.abs(mean / total - 0.5) < (4 * Math.sqrt(1 / 12)) / Math.sqrt(1000))
  })

  it('draw the same smaller sample from a sample as from all', () => {
    const all = mergeMeasurements([measured(range(3000))], by)
    const some = mergeMeasurements([measured(range(3000))], by, 500)
    assert.deepEqual(sampleMeasurements(some, 90).images, sampleMeasurements(all, 90).images)
    assert.equal(sampleMeasurements(some, 90).images.length, 90)
  })

  it('name the first hundred images that could not be read, by their places', () => {
    const { skipped } = mergeMeasurements(shards(2000, 5, 1), by)
    assert.deepEqual(
      skipped.named.map(({ place }) => place),
      range(100).map((i) => 7 * i + 3),
    )
    assert.deepEqual(skipped.counts, { 'image.undecodable': skipped.total })
  })

  it('know when the first and the last of all images were made, those left out of the sample too', () => {
    const { period, images } = mergeMeasurements(shards(3000, 5, 1), by, 20)
    assert.equal(images.length, 20)
    assert.deepEqual(period, { from: timeOf(1), to: timeOf(2998) })
    assert.equal(mergeMeasurements([measured([3, 6])], by).period, null)
  })

  it('take times as UTC where they have no zone, and leave out what is none', () => {
    const times = ['2026-05-01T12:00:00', '2026-05-01T13:30:00+02:00', 'in spring', undefined]
    const period = { from: '2026-05-01T11:30:00.000Z', to: '2026-05-01T12:00:00.000Z' }
    assert.deepEqual(periodOf(times.map((timestamp) => ({ timestamp }))), period)
    assert.deepEqual(periodOf([{ timestamp: '2026-05-01' }])?.to, '2026-05-01T00:00:00.000Z')
  })

  it('of another extractor are refused', () => {
    assert.throws(() => mergeMeasurements([{ ...measured([1]), extractorId: 'f' }], by), {
      code: 'config.invalid',
      message: /extractor e, got some by f/,
    })
  })
})
