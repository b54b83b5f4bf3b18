import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { completePolicy, openStream, openStreamFamily } from '../../../src/judging/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import { type StreamEvent, streamEventSchema } from '../../../src/verdict/index.ts'
import { describeStreamEvent } from '../../../src/wording/index.ts'
import type { Watch } from '../../../src/judging/stream/explain-change.ts'
import { createStreamReference } from '../../../src/judging/stream/stream-reference.ts'
import { startState } from '../../../src/judging/stream/stream-state.ts'
import { createStreamTests } from '../../../src/judging/stream/stream-tests.ts'
import { takeImages } from '../../../src/judging/stream/stream.ts'
import {
  baselineOfNumbers,
  CELLS,
  drawPlaces,
  drawRows,
  measuredRows,
} from './stream-of-numbers.ts'

const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
const baseline = baselineOfNumbers(1, { hasPlaces: true })
const open = (saved?: Uint8Array, falseAlarmEvery = 10_000) =>
  openStream(baseline, policy, { falseAlarmEvery }, saved)

/** Darker at three places of the first map, by less than an image differs from another. */
const MARK = { 9: -0.8, 10: -0.8, 17: -0.8 }

function draw(count: number, random: Random, moved = {}) {
  const measured = measuredRows(drawRows(count, random))
  return { ...measured, places: drawPlaces(count, random, moved) }
}

function oneOf({ images, values, places }: ReturnType<typeof draw>, i: number) {
  return {
    images: [images[i]],
    values: values.subarray(4 * i, 4 * (i + 1)),
    places: places.subarray(CELLS * i, CELLS * (i + 1)),
  }
}

const kinds = (events: readonly StreamEvent[]) => events.map(({ kind }) => kind)

describe('a stream of images that have places', () => {
  it('stays quiet while nothing changes', () => {
    const stream = open()
    assert.deepEqual(stream.take(draw(3000, createRandom(2))), [])
    assert.equal(stream.status, 'watching')
  })

  it('finds a mark that is always at the same place, says where, and when it is gone', () => {
    const random = createRandom(3)
    const stream = open()
    assert.deepEqual(stream.take(draw(300, random)), [])
    const events = stream.take(draw(400, random, MARK))
    assert.deepEqual(kinds(events), ['drift'])
    const [event] = events
    assert.ok(event.kind === 'drift')
    assert.ok(event.at.number > 320 && event.at.number < 520, `${event.at.number}`)
    const { since } = event
    assert.ok(since.from <= 301 && since.to >= 301, JSON.stringify(since))
    assert.ok(since.number >= since.from && since.number <= since.to)
    assert.ok(since.to - since.from <= 128)
    assert.deepEqual([event.carriers[0].name, event.carriers[0].group], ['specks', 'place'])
    assert.ok(event.carriers[0].strength >= 1)
    const [map] = event.places ?? []
    assert.ok(map.differences && map.name === 'specks' && map.adjustedPValue < 0.01)
    assert.equal(map.pValue, map.adjustedPValue / 2)
    const lowest = [...map.differences.keys()].toSorted(
      (a, b) => (map.differences?.[a] ?? 0) - (map.differences?.[b] ?? 0),
    )
    assert.deepEqual(
      lowest.slice(0, 3).toSorted((a, b) => a - b),
      [9, 10, 17],
    )
    assert.deepEqual(streamEventSchema.parse(event), JSON.parse(JSON.stringify(event)))
    const [finding] = describeStreamEvent(event).findings
    assert.match(finding, /^Dark mark at the same place of the frame: .*left/)
    assert.equal(stream.status, 'drift')
    assert.equal(event.judgement.drift, false)
    // The evidence that alarmed is that of its places.
    const { peaks, every } = stream.evidence
    const point = Math.floor((event.at.number - 1) / every)
    assert.ok(peaks[point] >= 1 && Math.max(...peaks.slice(0, point)) < 1)
    const over = stream.take(draw(600, random))
    assert.deepEqual(kinds(over), ['recovered'])
    // What was marked does not count as normal: it is found again, as soon.
    const again = stream.take(draw(400, random, MARK))
    assert.deepEqual(kinds(again), ['drift'])
  })

  it('says exactly which images it means, and takes those out of what is normal', () => {
    const reference = createStreamReference(baseline)
    const settings = { falseAlarmEvery: 10_000, threshold: 'guaranteed', seed: 0 } as const
    const tests = createStreamTests(reference, settings)
    const { width, columns } = reference
    const state = startState(tests, { width, columns: columns.length, hasBlocks: false })
    const watch: Watch = { baseline, policy, settings, reference, tests, state }
    const random = createRandom(8)
    takeImages(watch, draw(256, random))
    const normal = () => state.change.counts[0]
    const before = normal()
    const marked = draw(200, random, MARK)
    const events: StreamEvent[] = []
    let taken = 0
    for (; events.length === 0; taken++) {
      events.push(...takeImages(watch, oneOf(marked, taken)))
    }
    const [event] = events
    assert.ok(event.kind === 'drift')
    const { since, at, judgement } = event
    assert.equal(at.number, 256 + taken)
    // The stretch that began with the mark showed where; the change began there, or in the next.
    assert.deepEqual([since.from, since.number], [257, Math.floor((256 + since.to - 1) / 2) + 1])
    assert.ok(since.to > 320 && since.to <= 330, `${since.to}`)
    assert.equal(judgement.count, at.number - since.number + 1)
    const { isNormal } = state.recentBets
    const changed = [...isNormal.subarray(0, at.number).keys()].filter((i) => isNormal[i] === 0)
    assert.deepEqual([changed[0], changed.length], [since.number - 1, judgement.count])
    assert.equal(normal(), before + taken - judgement.count)
    assert.equal(event.carriers.length, 1)
    assert.deepEqual(
      event.before
        ?.map(({ id }) => id)
        .toSorted()
        .at(-1),
      `${since.from - 2}.png`,
    )
  })

  it('goes on bit for bit the same from what was saved, before an alarm and in it', () => {
    const random = createRandom(4)
    const parts = [
      draw(350, random),
      draw(30, random, MARK),
      draw(200, random, MARK),
      draw(50, random),
    ]
    const one = open()
    let other = open()
    const events = parts.flatMap((part) => one.take(part))
    const found = parts.flatMap((part) => {
      other = open(other.save())
      return other.take(part)
    })
    assert.equal(kinds(events)[0], 'drift')
    assert.deepEqual(found, events)
    assert.deepEqual(other.save(), one.save())
  })

  it('learns of neighbours alone: images without places begin anew, and what goes on waits for those that have them', () => {
    const random = createRandom(5)
    const stream = open()
    const bare = (count: number) => measuredRows(drawRows(count, random))
    for (let i = 0; i < 10; i++) {
      assert.deepEqual(stream.take(draw(50, random, MARK)), [])
      assert.deepEqual(stream.take(bare(1)), [])
    }
    assert.deepEqual(kinds(stream.take(draw(300, random, MARK))), ['drift'])
    assert.deepEqual(stream.take(bare(600)), [])
    assert.equal(stream.status, 'drift')
  })

  it('takes a change of columns for one, and watches places again when that is over', () => {
    const random = createRandom(6)
    const stream = open()
    const parts = [
      draw(200, random),
      { ...draw(150, random), values: drawRows(150, random, 3) },
      draw(200, random),
      draw(400, random, MARK),
    ]
    const events = parts.flatMap((part) => stream.take(part))
    assert.deepEqual(kinds(events), ['drift', 'recovered', 'drift'])
    const [first, , last] = events
    assert.ok(first.kind === 'drift' && last.kind === 'drift')
    assert.deepEqual([first.places, last.carriers[0].group], [undefined, 'place'])
    // Nothing before the end of the other change is taken for part of this.
    assert.ok(last.since.from > 350)
  })

  it('is watched in the stream of each source too', () => {
    const random = createRandom(7)
    const family = openStreamFamily(baseline, policy, {
      by: ({ id }) => (id.startsWith('0') ? 'a' : 'b'),
      falseAlarmEvery: 10_000,
    })
    const taken = [draw(300, random), draw(500, random, MARK)].flatMap((part) =>
      family.take({
        ...part,
        images: part.images.map((image) => ({ ...image, record: { id: 'b.png' } })),
      }),
    )
    assert.deepEqual(
      taken.map(({ source, kind }) => [source, kind]),
      [
        ['', 'drift'],
        ['b', 'drift'],
      ],
    )
  })
})
