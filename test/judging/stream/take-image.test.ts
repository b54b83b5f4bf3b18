import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Watch } from '../../../src/judging/stream/explain-change.ts'
import { takeBlocks, takeImages } from '../../../src/judging/stream/stream.ts'
import { binned, type Call, SCALE, scriptedWatch } from './scripted-watch.ts'
import { baselineOfNumbers } from './stream-of-numbers.ts'

/** Loss, brightness, excess loss, unusualness: all but the brightness is that plus 1, 2, 3. */
const imageOf = (brightness: number) =>
  Float32Array.of(brightness + 1, brightness, brightness + 2, brightness + 3)

/** What the tests are given of it. */
const watched = (brightness: number) =>
  binned([brightness, brightness + 1, brightness + 2, brightness + 3])

/** What the tests of a watching stream are asked by an image. */
const asked = (brightness: number): Call[] => [
  ['update', ...watched(brightness)],
  ['dependence', ...watched(brightness)],
  ['slow', ...watched(brightness)],
]

function take(watch: Watch, brightness: number, block?: string) {
  const number = watch.state.images
  const image = { record: { id: `${number}.png` }, place: number, hash: number }
  const rows = { images: [image], values: imageOf(brightness) }
  return block === undefined ? takeImages(watch, rows) : takeBlocks(watch, rows, [block])
}

const names = (calls: readonly Call[]) => calls.map(([name]) => name)

describe('an image of a stream', () => {
  it('moves every test by its watched columns', () => {
    const { watch, calls } = scriptedWatch()
    assert.deepEqual(take(watch, 4), [])
    assert.deepEqual(calls, asked(4))
    assert.deepEqual([watch.state.images, watch.state.bets], [1, 1])
  })

  it('is remembered with the bet it was, until a thousand have come since', () => {
    const { watch } = scriptedWatch()
    for (let i = 0; i < 1002; i++) take(watch, i)
    const { recentBets, recent, bets, images } = watch.state
    assert.deepEqual([bets, images], [1002, 1002])
    assert.deepEqual([...recent.values.subarray(4, 12)], [...imageOf(1001), ...imageOf(2)])
    assert.deepEqual(
      [0, 1, 2, 999].map((place) => recent.images[place].record.id),
      ['1000.png', '1001.png', '2.png', '999.png'],
    )
    assert.deepEqual([...recentBets.isNormal], Array(1000).fill(1))
    assert.deepEqual([recent.values.length, recent.images.length], [4000, 1000])
    // Each image is a bet: what it was is remembered once.
    assert.deepEqual([recentBets.firstImages.length, recentBets.bins.length], [0, 0])
  })
})

describe('a sudden change', () => {
  it('is told by the strongest column, and begins where that says', () => {
    const { watch, script, calls } = scriptedWatch()
    for (const brightness of [0.5, 0.75, 0.625]) take(watch, brightness)
    script.change = true
    script.changePoints = [0, 2, 0, 0]
    calls.length = 0
    const [event, ...others] = take(watch, 0.25)
    assert.deepEqual(others, [])
    assert.ok(event.kind === 'drift')
    assert.equal(event.pace, 'sudden')
    assert.deepEqual(event.at, { number: 4, id: '3.png' })
    assert.deepEqual(event.carriers, [
      { name: 'loss', group: 'reconstruction', strength: 3 },
      { name: 'excess-loss', group: 'reconstruction', strength: 2 },
      { name: 'unusual', group: 'outlier', strength: 1 },
      { name: 'brightness', group: 'property', strength: 0.1 },
    ])
    assert.deepEqual(calls.filter(([name]) => name === 'forget').slice(0, 2), [
      ['forget', ...watched(0.625)],
      ['forget', ...watched(0.25)],
    ])
  })

  it('names at most eight columns, and beside the first those with a hundredth of what alarms', () => {
    const { watch: plain } = scriptedWatch()
    const carriersOf = (strengths: readonly number[]) => {
      const columns = strengths.map((_, i) => i % 4)
      const reference = { ...plain.reference, columns }
      const { watch, script } = scriptedWatch({ reference }, { strengths })
      script.change = true
      const [event] = take(watch, 0.5)
      assert.ok(event.kind === 'drift')
      return event.carriers.map(({ strength }) => strength)
    }
    assert.deepEqual(carriersOf([1, 5, 2, 9, 3, 8, 4, 7, 6]), [9, 8, 7, 6, 5, 4, 3, 2])
    assert.deepEqual(carriersOf([0.011, 0.01, 0.009, 1, 0.3]), [1, 0.3, 0.011])
    assert.deepEqual(carriersOf([0.001, 0.002]), [0.002])
  })

  it('is what the strongest column has learned since, and all evidence is forgotten', () => {
    const { watch, script, calls } = scriptedWatch()
    for (const brightness of [-0.125, -0.5, -0.25]) take(watch, brightness)
    script.change = true
    script.changePoints = [0, 2, 0, 0]
    calls.length = 0
    take(watch, -0.75)
    const { status, open } = watch.state
    assert.equal(status, 'drift')
    assert.ok(open)
    assert.equal(open.carrier, 1)
    // The loss is the brightness and one.
    const losses = [0.875, 0.5, 0.75, 0.25].slice(open.since)
    assert.deepEqual(
      calls.filter(([name]) => name !== 'forget'),
      [...asked(-0.75), ['reset'], ['restart'], ['recovery'], ...losses.map((p) => ['learn', p])],
    )
  })

  it('that tolerated changes explain is none, and the stream goes on', () => {
    const baseline = { ...baselineOfNumbers(1, { rows: 60 }), nearest: () => [] }
    const { watch, script, calls } = scriptedWatch({ baseline })
    const { values } = baseline.table
    for (let row = 0; row < 20; row++) {
      script.change = row === 19
      const image = { record: { id: `${row}.png` }, place: row, hash: row }
      const own = values.slice(4 * row, 4 * row + 4)
      const [event] = takeImages(watch, { images: [image], values: own })
      assert.equal(event?.kind, row === 19 ? 'tolerated' : undefined)
    }
    assert.equal(watch.state.status, 'watching')
    assert.equal(watch.state.open, undefined)
    assert.deepEqual(names(calls).slice(-2), ['reset', 'restart'])
    calls.length = 0
    take(watch, 90)
    assert.equal(names(calls)[0], 'update')
  })
})

describe('a slow change', () => {
  const slowly = (...slow: [boolean, boolean]) => {
    const { watch, script, calls } = scriptedWatch()
    for (let i = 0; i < 7; i++) take(watch, i)
    script.slow = slow
    calls.length = 0
    const [event, ...others] = take(watch, 7)
    assert.deepEqual(others, [])
    assert.ok(event.kind === 'drift')
    const forgotten = calls
      .filter(([name]) => name === 'forget')
      .map(([, brightness]) => brightness / SCALE)
    return { ...event, forgotten: forgotten.toSorted((a, b) => a - b) }
  }

  it('is told by the first window that is sure of it, and changed is what that window holds', () => {
    for (const both of [false, true]) {
      const { pace, carriers, forgotten } = slowly(true, both)
      assert.equal(pace, 'slow')
      assert.deepEqual(
        carriers.map(({ strength }) => strength),
        [6, 4, 2, 0.2],
      )
      assert.deepEqual(forgotten.slice(-3), [5, 6, 7])
      assert.equal(new Set(forgotten).size, forgotten.length)
    }
    const second = slowly(false, true)
    assert.equal(second.carriers[0].strength, 9)
    assert.deepEqual(second.forgotten.slice(-6), [2, 3, 4, 5, 6, 7])
  })

  it('comes after a sudden one', () => {
    const { watch, script } = scriptedWatch()
    script.slow = [true, true]
    script.change = true
    const [event] = take(watch, 0)
    assert.ok(event.kind === 'drift' && event.pace === 'sudden')
  })
})

describe('a change that goes on', () => {
  const changed = (images: number) => {
    const own = scriptedWatch()
    for (let i = 0; i < images - 1; i++) take(own.watch, i)
    own.script.change = true
    own.script.changePoints = [0, images - 1, 0, 0]
    const [event] = take(own.watch, images - 1)
    assert.ok(event.kind === 'drift')
    own.script.change = false
    own.calls.length = 0
    return { ...own, since: event.since.number }
  }

  it('is looked at for its end alone, by the column that told it, and is not normal', () => {
    const { watch, script, calls } = changed(3)
    script.slow = [true, true]
    assert.deepEqual(take(watch, 8), [])
    assert.deepEqual(calls, [
      ['look', ...watched(8)],
      ['dependence', ...watched(8)],
      ['recovering', binned([9])[0]],
    ])
    assert.equal(watch.state.recentBets.isNormal[3], 0)
    assert.equal(watch.state.status, 'drift')
  })

  it('is over once recovery is sure: so many images it went on', () => {
    const { watch, script, calls, since } = changed(5)
    take(watch, 7)
    script.recovery = true
    calls.length = 0
    assert.deepEqual(take(watch, 8), [
      { kind: 'recovered', at: { number: 7, id: '6.png' }, images: 7 - since + 1 },
    ])
    assert.equal(watch.state.status, 'watching')
    assert.equal(watch.state.open, undefined)
    assert.deepEqual(names(calls), ['look', 'dependence', 'recovering', 'reset'])
    calls.length = 0
    assert.deepEqual(take(watch, 9), [])
    assert.equal(calls[0][0], 'update')
    assert.equal(watch.state.recentBets.isNormal[7], 1)
  })

  it('is not forgotten twice when the next one is found', () => {
    const { watch, script, calls } = changed(4)
    const before = [...watch.state.recentBets.isNormal.subarray(0, 4)]
    assert.equal(before[3], 0)
    take(watch, 4)
    script.recovery = true
    take(watch, 5)
    take(watch, 6)
    script.change = true
    script.changePoints = [0, 0, 0, 0]
    calls.length = 0
    take(watch, 7)
    const forgotten = calls.filter(([name]) => name === 'forget').map(([, first]) => first / SCALE)
    const normal = [0, 1, 2, 3].filter((number) => before[number] === 1)
    assert.deepEqual(forgotten, [...normal, 6, 7])
    assert.ok(watch.state.recentBets.isNormal.every((one) => one === 0))
  })
})

describe('images that depend on each other', () => {
  it('are said once, by the columns that show it, and nothing is watched any more', () => {
    const { watch, script, calls } = scriptedWatch()
    take(watch, 0)
    script.dependence = true
    script.change = true
    calls.length = 0
    assert.deepEqual(take(watch, 1), [
      {
        kind: 'dependent',
        at: { number: 2, id: '1.png' },
        carriers: [
          { name: 'loss', group: 'reconstruction', strength: 12 },
          { name: 'excess-loss', group: 'reconstruction', strength: 8 },
          { name: 'unusual', group: 'outlier', strength: 4 },
          { name: 'brightness', group: 'property', strength: 0.4 },
        ],
      },
    ])
    assert.deepEqual(names(calls), ['update', 'dependence'])
    assert.equal(watch.state.status, 'dependent')
    calls.length = 0
    assert.deepEqual(take(watch, 2), [])
    assert.deepEqual(calls, [])
    assert.equal(watch.state.images, 3)
  })

  it('are looked for among the first two hundred images of a change, and no longer', () => {
    const { watch, script, calls } = scriptedWatch()
    script.change = true
    take(watch, 0)
    for (let image = 1; image < 200; image++) take(watch, 1)
    calls.length = 0
    assert.deepEqual(take(watch, 1), [])
    assert.deepEqual(names(calls), ['look', 'recovering'])
    script.dependence = true
    assert.deepEqual(take(watch, 1), [])
    script.recovery = true
    take(watch, 1)
    script.change = false
    assert.equal(take(watch, 1)[0].kind, 'dependent')
    const early = scriptedWatch()
    early.script.change = true
    take(early.watch, 0)
    for (let image = 1; image < 199; image++) take(early.watch, 1)
    early.script.dependence = true
    assert.equal(take(early.watch, 1)[0].kind, 'dependent')
  })
})

describe('images of blocks', () => {
  it('are one bet on their mean once another block begins', () => {
    const { watch, calls } = scriptedWatch({}, { hasBlocks: true })
    const blocks = ['a', 'a', 'a', 'b', 'a', 'a']
    const events = blocks.flatMap((block, i) => take(watch, i * i, block))
    assert.deepEqual(events, [])
    // 0, 1 and 4; 9 alone; 16 and 25 still go on.
    const { state } = watch
    const { recentBets } = state
    assert.deepEqual(
      calls.filter(([name]) => name === 'update'),
      [
        ['update', ...watched(5 / 3)],
        ['update', ...watched(9)],
      ],
    )
    assert.deepEqual([state.images, state.bets], [6, 2])
    assert.deepEqual([...recentBets.firstImages.subarray(0, 3)], [0, 3, 0])
    assert.deepEqual([...recentBets.bins.subarray(0, 9)], [...watched(5 / 3), ...watched(9), 0])
    assert.deepEqual([recentBets.firstImages.length, recentBets.bins.length], [1000, 4000])
    assert.deepEqual(state.block, { name: 'a', images: 2 })
    assert.deepEqual([...state.sums], [43, 41, 45, 47])
  })

  it('tell where they were when the bet is made', () => {
    const { watch, script } = scriptedWatch({}, { hasBlocks: true })
    for (let i = 0; i < 6; i++) take(watch, i, i < 4 ? 'a' : 'b')
    script.change = true
    script.changePoints = [0, 1, 0, 0]
    const [event] = take(watch, 6, 'c')
    assert.ok(event.kind === 'drift')
    assert.deepEqual(event.at, { number: 6, id: '5.png' })
    assert.equal(event.judgement.count, 6 - event.since.number + 1)
    assert.ok([1, 5].includes(event.since.number))
    assert.deepEqual(watch.state.block, { name: 'c', images: 1 })
  })
})
