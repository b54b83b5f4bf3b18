import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Baseline, judge } from '../../../src/judging/index.ts'
import {
  explainChange,
  type FoundChange,
  placeOf,
  type Watch,
} from '../../../src/judging/stream/explain-change.ts'
import { takeBlocks, takeImages } from '../../../src/judging/stream/stream.ts'
import type { ImageRecord, Measurements } from '../../../src/measuring/values/index.ts'
import { findStart } from '../../../src/statistics/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { SCALE, scriptedWatch } from './scripted-watch.ts'
import { baselineOfNumbers, measuredRows } from './stream-of-numbers.ts'

const baseline = baselineOfNumbers(1, { rows: 60 })

/** p-values of the loss that are told apart only roughly, so that where the search begins makes a difference. */
const UNSURE = [43, 40, 49, 57, 41, 19, 29, 43, 3, 33, 53, 26, 7, 4].map((p) => p / 64)

/** A row whose loss is its own p-value, beside the bin that is its number and what must not be taken for it. */
const rowOf = (p: number, number: number) => [p, number / SCALE, 8.5, 8.5]

/** A quiet stream that has seen these images. */
function seen(
  pValues: readonly number[],
  {
    record,
    of = baseline,
    block,
  }: {
    readonly record?: (number: number) => Partial<ImageRecord>
    readonly of?: Baseline
    readonly block?: (number: number) => string
  } = {},
) {
  const own = scriptedWatch({ baseline: of }, { hasBlocks: block !== undefined })
  const measured = measuredRows(Float32Array.from(pValues.flatMap(rowOf)))
  const images = measured.images.map((image, number) => ({
    ...image,
    record: { ...image.record, ...record?.(number) },
  }))
  const rows = { images, values: measured.values }
  if (block === undefined) takeImages(own.watch, rows)
  else takeBlocks(own.watch, rows, [...images.keys()].map(block))
  own.calls.length = 0
  return { ...own, measured }
}

const found = (firstBet: number): FoundChange => ({
  pace: 'sudden',
  carriers: [
    { column: 1, strength: 3 },
    { column: 0, strength: 2 },
  ],
  firstBet,
})

function explain(watch: Watch, firstBet: number) {
  const { event, pValues } = explainChange(watch, found(firstBet))
  assert.ok(event.kind === 'drift')
  return { event, pValues }
}

/** The last images of a batch as one of their own. */
function tail(measured: Measurements, from: number): Measurements {
  const values = measured.values.subarray(4 * from)
  return { ...measuredRows(values), images: measured.images.slice(from) }
}

describe('since when a stream has changed', () => {
  it('is the likeliest start near where the tests found it, with the interval around it', () => {
    const { watch, calls } = seen(UNSURE)
    assert.deepEqual(findStart(UNSURE, 11), { likeliest: 5, from: 2, to: 8 })
    const { event, pValues } = explain(watch, 11)
    assert.deepEqual(event.since, { number: 6, id: '5.png', from: 3, to: 9 })
    assert.deepEqual(event.at, { number: 14, id: '13.png' })
    assert.equal(event.pace, 'sudden')
    assert.deepEqual(event.carriers, [
      { name: 'loss', group: 'reconstruction', strength: 3 },
      { name: 'brightness', group: 'property', strength: 2 },
    ])
    assert.deepEqual(pValues, UNSURE.slice(5))
    // Each changed image once, those that were found first before the p-values are looked at.
    assert.deepEqual(
      calls.map(([name, number]) => [name, number]),
      [11, 12, 13, 5, 6, 7, 8, 9, 10].map((number) => ['forget', number]),
    )
    assert.deepEqual(
      [...watch.state.recentBets.isNormal.subarray(0, 15)],
      [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    )
  })

  it('may be the first image', () => {
    const { watch, calls } = seen([0, 0.01, 0, 0.02])
    const { event } = explain(watch, 0)
    assert.equal(event.since.number, 1)
    assert.deepEqual(
      calls.map(([, number]) => number),
      [0, 1, 2, 3],
    )
  })

  it('is looked for among the last thousand images', () => {
    const random = createRandom(4)
    const clean = Array.from({ length: 1290 }, () => Math.fround(random.uniform()))
    const all = [...clean, ...Array.from({ length: 10 }, () => 0)]
    for (const firstBet of [1288, 300, 0]) {
      const { watch, calls } = seen(all)
      const about = Math.max(0, firstBet - 300)
      const { likeliest, from, to } = findStart(all.slice(300), about)
      const { event } = explain(watch, firstBet)
      assert.equal(event.since.number, 300 + likeliest + 1)
      assert.equal(event.since.id, `${300 + likeliest}.png`)
      assert.deepEqual([event.since.from, event.since.to], [300 + from + 1, 300 + to + 1])
      assert.equal(calls.length, 1000 - Math.min(about, likeliest))
      assert.equal(calls[0][1], 300 + about)
    }
  })

  it('is not before the end of the change that was found last', () => {
    // Two clean images look changed; behind them three that were found to be, and three that are again.
    const pValues = [...Array.from({ length: 8 }, () => 0.7), 0, 0, 0.1, 0.1, 0.1, 0, 0, 0]
    const { watch, calls } = seen(pValues)
    watch.state.recentBets.isNormal.fill(0, 10, 13)
    const normal = pValues.filter((_, i) => i < 10 || i > 12)
    assert.deepEqual(findStart(normal, 11), { likeliest: 8, from: 7, to: 8 })
    const { event, pValues: learned } = explain(watch, 14)
    assert.deepEqual(event.since, { number: 14, id: '13.png', from: 14, to: 14 })
    assert.deepEqual(
      calls.map(([, number]) => number),
      [14, 15, 13],
    )
    assert.deepEqual(learned, [0, 0, 0])
  })

  it('is told by the times of the images where they have any', () => {
    const timestamp = (number: number) => `2026-11-26T10:00:${10 + number}Z`
    const { watch } = seen(UNSURE, { record: (number) => ({ timestamp: timestamp(number) }) })
    const { event } = explain(watch, 11)
    assert.equal(event.since.timestamp, timestamp(5))
    assert.equal(event.at.timestamp, timestamp(13))
  })

  it('is the first image of a block, of the bets that are left without those of changes before', () => {
    const { watch, calls } = seen(
      UNSURE.flatMap((p) => [p, p, p]),
      { block: (number) => `${Math.floor(number / 3)}` },
    )
    // The last block goes on.
    const { likeliest, from, to } = findStart(UNSURE.slice(0, -1), 11)
    const { event } = explain(watch, 11)
    assert.deepEqual(event.since, {
      number: 3 * likeliest + 1,
      id: `${3 * likeliest}.png`,
      from: 3 * from + 1,
      to: 3 * to + 1,
    })
    calls.length = 0
    const left = [...UNSURE.keys()].filter((bet) => bet < Math.min(likeliest, 11))
    explain(watch, 2)
    assert.deepEqual(
      calls.map(([, middle]) => (middle - 1) / 3).toSorted((a, b) => a - b),
      left.filter(
        (bet) => bet >= Math.min(2, findStart(UNSURE.slice(0, left.length), 2).likeliest),
      ),
    )
  })
})

describe('images before a change', () => {
  /** Numbers, from 0, of those before its earliest first image, and of that one. */
  const placesBefore = (clean: number) => {
    const { watch } = seen([...Array.from({ length: clean }, (_, i) => 0.2 + (i % 64) / 80), 0, 0])
    const { event } = explain(watch, clean)
    const places = event.before?.map(({ id, place }) => {
      assert.equal(id, `${place}.png`)
      return place
    })
    return { places, first: event.since.from - 1 }
  }

  it('are eight of the last sixty-four, the last one first', () => {
    const { places, first } = placesBefore(101)
    assert.deepEqual(
      places,
      [1, 9, 17, 25, 33, 41, 49, 57].map((back) => first - back),
    )
  })

  it('are as many as there are, evenly', () => {
    const { places, first } = placesBefore(29)
    assert.equal(first, 26)
    assert.deepEqual(places, [25, 21, 17, 13, 9, 5, 1])
    const few = placesBefore(6)
    assert.deepEqual(few, { places: [4, 3, 2, 1, 0], first: 5 })
  })
})

describe('the judgement of a change', () => {
  it('is of the images since, by the stream’s own seed', () => {
    const { watch, measured } = seen(UNSURE)
    const { event } = explain(watch, 11)
    const policy = { ...watch.policy, fewestImages: 2 }
    const expected = judge(baseline, tail(measured, 5), policy, { seed: 5 })
    assert.notEqual(expected.severity, 'insufficient-data')
    assert.deepEqual(event.judgement, expected)
  })

  it('is drift where tolerated changes do not explain it', () => {
    const { watch } = seen(UNSURE, { of: { ...baseline, nearest: () => [] } })
    const { event } = explain(watch, 11)
    assert.equal(event.judgement.severity, 'drift')
  })

  it('is made of two images, and not of one', () => {
    for (const count of [1, 2]) {
      const clean = Array.from({ length: 40 }, (_, i) => (i % 10) / 10 + 0.25)
      const { watch } = seen([...clean, ...Array.from({ length: count }, () => 0)])
      const { event } = explain(watch, 40)
      assert.equal(event.since.number, 41)
      assert.equal(event.judgement.severity === 'insufficient-data', count === 1)
      assert.deepEqual([event.judgement.count, event.judgement.tested.fewest], [count, 2])
    }
  })

  it('is of what the reference was given too', () => {
    const of = { ...baseline, settings: { ...baseline.settings, neededOutputs: { logits: 3 } } }
    const { watch } = seen(UNSURE, { of })
    const { event } = explain(watch, 11)
    assert.ok(!event.judgement.notes.some(({ code }) => code === 'unused-vectors'))
  })

  it('is of the last thousand images where the change is longer ago', () => {
    const { watch } = seen(
      [...Array.from({ length: 20 }, () => 0.7), ...Array.from({ length: 1101 }, () => 0)],
      { block: (number) => (number < 20 ? `${number}` : number < 1120 ? 'long' : 'next') },
    )
    const { event } = explain(watch, 20)
    // The first image of a block of 1,100 is forgotten.
    assert.deepEqual(event.since, { number: 21, id: '', from: 20, to: 21 })
    assert.equal(event.judgement.count, 1000)
    assert.deepEqual(event.before, [])
  })
})

describe('an image’s place', () => {
  it('is its number from one, and its name as long as that is remembered', () => {
    const { watch } = seen(Array.from({ length: 1005 }, () => 0.5))
    const name = (number: number) => placeOf(watch.state, number)
    assert.deepEqual(name(1004), { number: 1005, id: '1004.png' })
    assert.deepEqual(name(5), { number: 6, id: '5.png' })
    assert.deepEqual(name(4), { number: 5, id: '' })
  })
})
