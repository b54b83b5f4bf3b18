import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { KnownImages, Origin } from '../../src/judging/known-images.ts'
import { momentsOf } from '../../src/judging/loss-comparison.ts'
import { setAside } from '../../src/judging/set-aside.ts'
import { type Measurements, noMeasurements, sumExactly } from '../../src/measuring/values/index.ts'

const columns = [
  { name: 'row', group: 'property', title: 'row' },
  { name: 'loss', group: 'reconstruction', title: 'loss' },
] as const

/** A batch of as many images, each with features of its own: its row, and ten times that as its loss. */
function batch(origins: readonly Origin[], change: Partial<Measurements> = {}): Measurements {
  const losses = origins.map((_, i) => 10 * i)
  return {
    ...noMeasurements({ extractorId: 'e', columns }),
    images: origins.map((_, place) => ({ record: { id: String(place) }, place, hash: place })),
    values: Float32Array.from(losses.flatMap((loss, row) => [row, loss])),
    loss: sumExactly(losses),
    count: origins.length,
    ...change,
  }
}

/** What a detector knows that finds these origins in such a batch. */
function knownOf(origins: readonly Origin[], reference: readonly number[] = []): KnownImages {
  const hashes = (...wanted: Origin[]) =>
    origins.flatMap((origin, hash) => (wanted.includes(origin) ? [hash] : []))
  return {
    learned: Float64Array.from([
      ...hashes('learned', 'recurring'),
      ...hashes('recurring'),
    ]).toSorted(),
    reference: Float64Array.from([...hashes('reference'), ...reference]).toSorted(),
  }
}

function check(origins: readonly Origin[], change: Partial<Measurements> = {}) {
  return setAside(batch(origins, change), knownOf(origins))
}

const times = (count: number, origin: Origin): Origin[] =>
  Array.from({ length: count }, () => origin)

describe('images that were learned from', () => {
  it('are taken out of a batch with their features and losses, and counted', () => {
    const origins = ['learned', 'new', 'learned', 'reference', 'new'] as const
    const { judged, recognised, notes } = check(origins)
    assert.deepEqual(
      judged.images.map(({ place }) => place),
      [1, 3, 4],
    )
    assert.deepEqual([...judged.values], [1, 10, 3, 30, 4, 40])
    assert.deepEqual(judged.loss, momentsOf([10, 30, 40]))
    assert.deepEqual([judged.count, judged.setAside], [3, 2])
    assert.deepEqual(recognised, { learned: 2, reference: 1 })
    assert.deepEqual(notes, [
      { code: 'learned', images: 2, of: 5 },
      { code: 'held-out', images: 1, of: 5 },
    ])
  })

  it('leave the batch as it is where there are none', () => {
    const all = batch(times(4, 'new'))
    const { judged, notes, recognised } = setAside(all, knownOf([]))
    assert.equal(judged.images, all.images)
    assert.deepEqual(judged.loss, momentsOf([0, 10, 20, 30]))
    assert.deepEqual(notes, [])
    assert.deepEqual(recognised, { learned: 0, reference: 0 })
    assert.equal(setAside(all, undefined).judged.images, all.images)
  })

  it('count by their share where only a sample of the batch was kept', () => {
    const origins = ['learned', 'new', 'new', 'learned', 'learned'] as const
    assert.equal(check(origins, { count: 50 }).judged.count, 20)
    // Two of five of nine are 3.6, of eight 3.2.
    assert.equal(check(origins, { count: 9 }).judged.count, 4)
    assert.equal(check(origins, { count: 8 }).judged.count, 3)
  })

  it('leave the loss of all images where others are sampled, and none is set aside', () => {
    const loss = sumExactly([1, 2, 3, 4, 5, 6])
    const { judged } = check(times(2, 'new'), { count: 6, loss })
    assert.deepEqual(judged.loss, { count: 6, mean: 3.5, squares: 17.5 })
  })

  it('may be all there is', () => {
    const { judged } = check(times(3, 'learned'))
    assert.deepEqual([judged.images.length, judged.count, judged.setAside], [0, 0, 3])
  })

  it('stay where the held-out images hold as many copies of them by nature', () => {
    // Half of the held-out images are copies of learned ones, and so are half of the batch.
    const half = (origins: readonly Origin[]) => {
      const { learned, reference } = knownOf(origins, [1001, 1002, 1003, 1004])
      return { learned: Float64Array.of(...learned, 1001, 1002), reference }
    }
    const origins = [...times(20, 'learned'), ...times(20, 'new')]
    const all = batch(origins)
    const { judged, notes } = setAside(all, half(origins))
    assert.equal(judged.images, all.images)
    assert.deepEqual(notes, [])
    // As many from the reference, whose copies of each other are as many again, say nothing either.
    const both = [...origins.slice(10, 30), ...times(10, 'reference')]
    const twice = { ...half(both), reference: Float64Array.of(20, 20, 21, 21, 22, 22, 23, 23) }
    assert.deepEqual(
      setAside(batch(both), { ...twice, learned: Float64Array.of(20, 21) }).notes,
      [],
    )
    // Three standard errors more: 20 + 3 √10.
    const more = [...times(30, 'learned'), ...times(10, 'new')]
    assert.equal(setAside(batch(more), half(more)).judged.images.length, 10)
  })
})

describe('a single image that is met again', () => {
  const others = times(4, 'new')
  /** Half of the held-out images are copies of learned ones, or of each other. */
  const half = { learned: Float64Array.of(0, 50), reference: Float64Array.of(50, 51) }

  it('stays where half of the held-out images were met so too', () => {
    const { judged, notes, recognised } = setAside(batch(others), half)
    assert.deepEqual(recognised, { learned: 1, reference: 0 })
    assert.deepEqual([judged.images.length, judged.setAside], [4, 0])
    assert.deepEqual(notes, [])
  })

  it('is said to be held out only where none of these is a copy', () => {
    const notesBy = (...reference: number[]) =>
      setAside(batch(others), {
        learned: new Float64Array(),
        reference: Float64Array.from(reference),
      }).notes
    assert.deepEqual(notesBy(3, 60, 61), [{ code: 'held-out', images: 1, of: 4 }])
    assert.deepEqual(notesBy(3, 60, 60), [])
  })

  it('counts beside one that is held out', () => {
    const known = { learned: Float64Array.of(0, 50), reference: Float64Array.of(1, 50) }
    assert.equal(setAside(batch(others), known).judged.setAside, 0)
  })
})

describe('images that recur by nature', () => {
  it('stay in the share that the other images stay in', () => {
    const { judged } = check([
      ...times(4, 'recurring'),
      ...times(3, 'learned'),
      ...times(5, 'new'),
      ...times(4, 'reference'),
    ])
    // Nine of twelve others stay, so three of four.
    const places = judged.images.map(({ place }) => place)
    assert.deepEqual(places, [0, 1, 2, 7, 8, 9, 10, 11, 12, 13, 14, 15])
  })

  it('stay by half an image more rather than less', () => {
    const origins = [...times(5, 'recurring'), ...times(3, 'learned'), ...times(3, 'new')]
    assert.equal(check(origins).judged.images.length, 3 + 3)
  })

  it('go where all others go', () => {
    const { judged } = check([...times(2, 'recurring'), ...times(3, 'learned')])
    assert.equal(judged.images.length, 0)
  })
})
