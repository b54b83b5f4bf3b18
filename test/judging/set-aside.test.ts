import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_SKIPPED_IMAGES } from '../../src/images/index.ts'
import type { KnownImages, Origin } from '../../src/judging/known-images.ts'
import { momentsOf } from '../../src/judging/loss-comparison.ts'
import { setAside } from '../../src/judging/set-aside.ts'
import type { WindowImages } from '../../src/judging/window-images.ts'

const layout = { columnCount: 2, lossColumn: 1 }
const nothing: KnownImages = { learned: new Float64Array(), reference: new Float64Array() }

/** A batch of these images in this order, each with features of its own: its row, and ten times that as its loss. */
function batch(origins: readonly Origin[], change: Partial<WindowImages> = {}): WindowImages {
  const rows = origins.map((origin, position) => ({
    origin,
    position,
    hash: position,
    record: { id: String(position) },
  }))
  const count = (wanted: Origin) => origins.filter((origin) => origin === wanted).length
  return {
    rows,
    values: Float32Array.from({ length: 2 * rows.length }, (_, i) =>
      i % 2 === 0 ? i / 2 : 10 * Math.floor(i / 2),
    ),
    loss: momentsOf(rows.map((_, i) => 10 * i)),
    count: rows.length,
    origins: {
      new: count('new'),
      learned: count('learned'),
      recurring: count('recurring'),
      reference: count('reference'),
    },
    skipped: NO_SKIPPED_IMAGES,
    notes: [],
    given: [],
    ...change,
  }
}

const times = (count: number, origin: Origin): Origin[] =>
  Array.from({ length: count }, () => origin)

describe('images that were learned from', () => {
  it('are taken out of a batch with their features and losses, and counted', () => {
    const all = batch(['learned', 'new', 'learned', 'reference', 'new'])
    const { judged, recognised, notes } = setAside(all, nothing, layout)
    assert.deepEqual(
      judged.rows.map(({ position }) => position),
      [1, 3, 4],
    )
    assert.deepEqual([...judged.values], [1, 10, 3, 30, 4, 40])
    assert.deepEqual(judged.loss, momentsOf([10, 30, 40]))
    assert.deepEqual([judged.count, judged.setAside], [3, 2])
    assert.deepEqual(recognised, { learned: 2, reference: 1, copies: 0 })
    assert.match(notes[0], /^2 of 5 images were used to fit this detector/)
    assert.match(notes[1], /^1 of 5 images are held-out reference images/)
    assert.equal(notes.length, 2)
  })

  it('leave the batch as it is where there are none', () => {
    const all = batch(times(4, 'new'))
    const { judged, notes, recognised } = setAside(all, nothing, layout)
    assert.equal(judged, all)
    assert.deepEqual(notes, [])
    assert.deepEqual(recognised, { learned: 0, reference: 0, copies: 0 })
    assert.equal(setAside(all, undefined, layout).judged, all)
  })

  it('count by their share where only a sample of the batch was kept', () => {
    const all = batch(['learned', 'new', 'new', 'learned', 'learned'], { count: 50 })
    assert.equal(setAside(all, nothing, layout).judged.count, 20)
  })

  it('may be all there is', () => {
    const { judged } = setAside(batch(times(3, 'learned')), nothing, layout)
    assert.deepEqual([judged.rows.length, judged.count, judged.setAside], [0, 0, 3])
    const none = batch([], {
      count: 7,
      origins: { new: 0, learned: 7, recurring: 0, reference: 0 },
    })
    assert.equal(setAside(none, nothing, layout).judged.count, 0)
  })

  it('stay where the held-out images hold as many copies of them by nature', () => {
    // Half of the held-out images are copies of learned ones, and so are half of the batch.
    const known = { learned: Float64Array.of(1, 2), reference: Float64Array.of(1, 2, 3, 4) }
    const all = batch([...times(20, 'learned'), ...times(20, 'new')])
    const { judged, notes } = setAside(all, known, layout)
    assert.equal(judged, all)
    assert.deepEqual(notes, [])
    // Three standard errors more: 20 + 3 √10.
    const more = batch([...times(30, 'learned'), ...times(10, 'new')])
    assert.equal(setAside(more, known, layout).judged.rows.length, 10)
  })
})

describe('images that recur by nature', () => {
  it('stay in the share that the other images stay in', () => {
    const all = batch([
      ...times(4, 'recurring'),
      ...times(3, 'learned'),
      ...times(5, 'new'),
      ...times(4, 'reference'),
    ])
    const { judged } = setAside(all, nothing, layout)
    // Nine of twelve others stay, so three of four.
    const positions = judged.rows.map(({ position }) => position)
    assert.deepEqual(positions, [0, 1, 2, 7, 8, 9, 10, 11, 12, 13, 14, 15])
  })

  it('go where all others go', () => {
    const all = batch([...times(2, 'recurring'), ...times(3, 'learned')])
    assert.equal(setAside(all, nothing, layout).judged.rows.length, 0)
  })
})

describe('copies within a batch', () => {
  const repeated = batch(times(6, 'new'))
  const copied = {
    ...repeated,
    rows: repeated.rows.map((row, i) => Object.assign({}, row, { hash: i % 3 })),
  }

  it('are counted and said, but stay', () => {
    const { judged, recognised, notes } = setAside(copied, nothing, layout)
    assert.equal(judged, copied)
    assert.equal(recognised.copies, 3)
    assert.deepEqual(notes, ['3 of 6 images are exact copies of others in this batch'])
  })

  it('are not said where the held-out images hold as many', () => {
    const known = { learned: new Float64Array(), reference: Float64Array.of(5, 5, 6, 7) }
    assert.deepEqual(setAside(copied, known, layout).notes, [])
  })
})
