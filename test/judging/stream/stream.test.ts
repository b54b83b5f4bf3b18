import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { completePolicy, openStream, openStreamFamily } from '../../../src/judging/index.ts'
import { type StreamEvent, streamEventSchema } from '../../../src/verdict/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { baselineOfNumbers, drawRows, measuredRows, repeatRows } from './stream-of-numbers.ts'

const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
const open = (seed = 1, falseAlarmEvery = 10_000) =>
  openStream(baselineOfNumbers(seed), policy, { falseAlarmEvery })

const kinds = (events: readonly StreamEvent[]) => events.map(({ kind }) => kind)

describe('a stream', () => {
  it('stays quiet while its images are as the reference', () => {
    for (const seed of [1, 2, 3]) {
      const stream = open(seed)
      assert.deepEqual(stream.take(measuredRows(drawRows(2000, createRandom(seed + 10)))), [])
      assert.equal(stream.status, 'watching')
      assert.equal(stream.images, 2000)
    }
  })

  it('alarms once, soon after a change, and says since when, by what, and how sure', () => {
    const stream = open()
    const random = createRandom(21)
    assert.deepEqual(stream.take(measuredRows(drawRows(300, random))), [])
    const events = stream.take(measuredRows(drawRows(300, random, 3)))
    assert.deepEqual(kinds(events), ['drift'])
    const [event] = events
    assert.ok(event.kind === 'drift')
    assert.equal(event.pace, 'sudden')
    assert.ok(event.at.number > 300 && event.at.number <= 320, `${event.at.number}`)
    assert.ok(Math.abs(event.since.number - 301) <= 2, `${event.since.number}`)
    assert.ok(event.since.from <= event.since.number && event.since.number <= event.since.to)
    assert.ok(event.since.from >= 290 && event.since.to <= event.at.number)
    assert.equal(event.carriers[0].name, 'brightness')
    assert.ok(event.carriers[0].strength >= 1)
    assert.equal(event.judgement.features[0].name, 'brightness')
    assert.equal(event.judgement.count, event.at.number - event.since.number + 1)
    assert.equal(stream.status, 'drift')
    assert.deepEqual(streamEventSchema.parse(event), JSON.parse(JSON.stringify(event)))
  })

  it('names a feed that stands still, in whatever it tells of it', () => {
    const stream = open()
    const random = createRandom(27)
    assert.deepEqual(stream.take(measuredRows(drawRows(300, random))), [])
    const still = measuredRows(repeatRows(drawRows(1, random, 1), 100))
    const images = still.images.map((image) => ({ ...image, hash: 7 }))
    const events = stream.take({ ...still, images })
    assert.ok(events.length > 0)
    for (const event of events) {
      const repeats =
        event.kind === 'drift'
          ? event.judgement.repeats
          : event.kind === 'dependent' && event.repeats
      assert.ok(repeats && repeats.kind === 'frozen' && repeats.areMany, event.kind)
      assert.deepEqual(streamEventSchema.parse(event), JSON.parse(JSON.stringify(event)))
    }
  })

  it('says that images change again and again after eight alarms in a short time, and raises none any more', () => {
    const stream = open()
    const random = createRandom(24)
    const parts = Array.from({ length: 20 }, (_, i) => drawRows(100, random, i % 2 === 0 ? 0 : 3))
    const events = parts.flatMap((rows) => stream.take(measuredRows(rows)))
    const cycle = ['drift', 'recovered']
    assert.deepEqual(kinds(events), [
      ...Array.from({ length: 14 }, (_, i) => cycle[i % 2]),
      'drift',
      'dependent',
    ])
    const [alarm, last] = events.slice(-2)
    const [first] = events
    assert.ok(last.kind === 'dependent' && alarm.kind === 'drift' && first.kind === 'drift')
    assert.deepEqual(last.at, alarm.at)
    assert.deepEqual(last.changes, { count: 8, images: alarm.at.number - first.at.number + 1 })
    assert.deepEqual(last.carriers, alarm.carriers)
    assert.equal(stream.status, 'dependent')
    assert.deepEqual(streamEventSchema.parse(last), JSON.parse(JSON.stringify(last)))
    const restored = openStream(
      baselineOfNumbers(1),
      policy,
      { falseAlarmEvery: 10_000 },
      stream.save(),
    )
    assert.equal(restored.status, 'dependent')
  })

  it('takes as many alarms for alarms where they are no more than four times what was stated', () => {
    const stream = open(1, 100)
    const random = createRandom(24)
    const parts = Array.from({ length: 20 }, (_, i) => drawRows(100, random, i % 2 === 0 ? 0 : 3))
    const events = parts.flatMap((rows) => stream.take(measuredRows(rows)))
    assert.ok(events.filter(({ kind }) => kind === 'drift').length > 8)
    assert.ok(events.every(({ kind }) => kind !== 'dependent'))
  })

  it('says that it is over once clean images were enough, and alarms at the next change', () => {
    const stream = open()
    const random = createRandom(22)
    const parts = [0, 3, 0, -3, 0].map((shift) => drawRows(200, random, shift))
    const events = parts.flatMap((rows) => stream.take(measuredRows(rows)))
    assert.deepEqual(kinds(events), ['drift', 'recovered', 'drift', 'recovered'])
    const [, over] = events
    assert.ok(over.kind === 'recovered')
    assert.ok(over.at.number > 400 && over.at.number < 440, `${over.at.number}`)
    assert.ok(Math.abs(over.images - (over.at.number - 200)) <= 5)
    assert.equal(stream.status, 'watching')
  })

  it('goes on through a change that comes again and again', () => {
    const stream = open()
    const random = createRandom(101)
    stream.take(measuredRows(drawRows(200, random)))
    for (let cycle = 0; cycle < 4; cycle++) {
      const begun = stream.images
      const [event] = stream.take(measuredRows(drawRows(60, random, 3)))
      assert.ok(event?.kind === 'drift', `${cycle}`)
      assert.ok(Math.abs(event.since.number - (begun + 1)) <= 2, `${event.since.number} ${begun}`)
      for (let i = 0; i < 60 && stream.status === 'drift'; i++) {
        stream.take(measuredRows(drawRows(1, random)))
      }
      assert.equal(stream.status, 'watching')
    }
  })

  it('finds a change of every tenth image', () => {
    const stream = open()
    const random = createRandom(23)
    stream.take(measuredRows(drawRows(500, random)))
    const changed = drawRows(2000, random)
    const shifted = drawRows(2000, random, 5)
    for (let row = 0; row < 2000; row += 10) {
      changed.set(shifted.subarray(row * 4, row * 4 + 4), row * 4)
    }
    const [event] = stream.take(measuredRows(changed))
    assert.ok(event?.kind === 'drift')
    assert.ok(event.at.number < 500 + 400, `${event.at.number}`)
    assert.ok(Math.abs(event.since.number - 501) <= 60, `${event.since.number}`)
  })

  it('sees a change too slow for a reference that grows', () => {
    const stream = openStream(baselineOfNumbers(4), policy, { falseAlarmEvery: 2000 })
    const random = createRandom(24)
    const events: StreamEvent[] = []
    for (let part = 0; part < 100 && events.length === 0; part++) {
      events.push(...stream.take(measuredRows(drawRows(500, random, part * 0.006))))
    }
    assert.ok(events[0]?.kind === 'drift')
    assert.ok(events[0].since.number > 1)
  })

  it('takes images one by one or many at once to the same end, and from its bytes goes on the same', () => {
    const rows = drawRows(400, createRandom(25))
    rows.set(drawRows(100, createRandom(26), 3), 300 * 4)
    const whole = open()
    const events = whole.take(measuredRows(rows))
    const first = open()
    const half = measuredRows(rows)
    const cut = (from: number, to: number) => ({
      ...half,
      images: half.images.slice(from, to),
      values: half.values.subarray(from * 4, to * 4),
    })
    const before = first.take(cut(0, 305))
    const restored = openStream(
      baselineOfNumbers(1),
      policy,
      { falseAlarmEvery: 10_000 },
      first.save(),
    )
    assert.equal(restored.images, 305)
    const after = Array.from({ length: 95 }, (_, i) => restored.take(cut(305 + i, 306 + i))).flat()
    assert.deepEqual([...before, ...after], events)
    assert.deepEqual(restored.save(), whole.save())
  })

  it('refuses the bytes of another stream, and damaged ones', () => {
    const saved = open().save()
    const refuse = (bytes: Uint8Array, code: string, every = 10_000) =>
      assert.throws(
        () => openStream(baselineOfNumbers(1), policy, { falseAlarmEvery: every }, bytes),
        { code },
      )
    refuse(saved, 'config.invalid', 20_000)
    for (const length of [0, 3, 100, saved.length - 1]) {
      refuse(saved.subarray(0, length), 'artifact.corrupt')
    }
    const longer = new Uint8Array(saved.length + 1)
    longer.set(saved)
    refuse(longer, 'artifact.corrupt')
  })

  it('says of images that are alike one after the other that they depend on each other', () => {
    const stream = open()
    const events = stream.take(measuredRows(repeatRows(drawRows(60, createRandom(27)), 20)))
    const dependent = kinds(events).indexOf('dependent')
    assert.ok(dependent >= 0 && dependent < 10, kinds(events).join())
    assert.equal(stream.status, 'dependent')
    assert.deepEqual(stream.take(measuredRows(drawRows(200, createRandom(28), 5))), [])
  })

  it('bets once for each finished block where the reference has blocks', () => {
    const stream = openStream(baselineOfNumbers(5, { blockSize: 10 }), policy, {
      falseAlarmEvery: 10_000,
    })
    const random = createRandom(30)
    const session = (row: number) => `s${Math.floor(row / 10)}`
    const clean = measuredRows(repeatRows(drawRows(100, random), 10), session)
    assert.deepEqual(stream.take(clean), [])
    assert.equal(stream.status, 'watching')
    const after = (row: number) => `t${Math.floor(row / 10)}`
    const events = stream.take(measuredRows(repeatRows(drawRows(40, random, 4), 10), after))
    assert.deepEqual(kinds(events), ['drift'])
    assert.ok(events[0].kind === 'drift')
    assert.ok(Math.abs(events[0].since.number - 1001) <= 10, `${events[0].since.number}`)
  })

  it('finds a change of blocks larger than what it remembers', () => {
    const baseline = baselineOfNumbers(5, { blockSize: 10, rows: 3000 })
    const stream = openStream(baseline, policy, { falseAlarmEvery: 1000 })
    const random = createRandom(30)
    const clean = (row: number) => `s${Math.floor(row / 10)}`
    assert.deepEqual(stream.take(measuredRows(repeatRows(drawRows(40, random), 10), clean)), [])
    const large = (row: number) => `t${Math.floor(row / 1100)}`
    const changed = measuredRows(repeatRows(drawRows(10, random, 5), 1100), large)
    const [event] = stream.take(changed)
    assert.ok(event?.kind === 'drift')
    assert.equal(event.since.number, 401)
    assert.equal(event.since.id, '')
    assert.equal(event.judgement.count, 1000)
  })

  it('of several sources tells which one changed, and goes on from its bytes', () => {
    const family = (saved?: Uint8Array) =>
      openStreamFamily(
        baselineOfNumbers(1),
        policy,
        { by: 'session', falseAlarmEvery: 10_000 },
        saved,
      )
    const random = createRandom(31)
    const rows = drawRows(900, random)
    const shifted = drawRows(900, random, 4)
    for (let row = 600; row < 900; row += 3) {
      rows.set(shifted.subarray(row * 4, row * 4 + 4), row * 4)
    }
    const camera = (row: number) => ['left', 'middle', 'right'][row % 3]
    const first = family()
    assert.deepEqual(first.take(measuredRows(rows.subarray(0, 500 * 4), camera)), [])
    const second = family(first.save())
    const events = second.take(measuredRows(rows.subarray(500 * 4), (row) => camera(row + 500)))
    assert.ok(events.some(({ kind, source }) => kind === 'drift' && source === 'left'))
    assert.ok(events.every(({ source }) => source === 'left' || source === ''))
    assert.equal(second.images, 900)
    assert.deepEqual([...second.statuses.keys()].toSorted(), ['', 'left', 'middle', 'right'])
    assert.equal(second.statuses.get('left'), 'drift')
    assert.equal(second.statuses.get('right'), 'watching')
  })

  it('of a stated rate out of range is refused', () => {
    for (const falseAlarmEvery of [99, NaN, Infinity]) {
      assert.throws(() => open(1, falseAlarmEvery), /expected at least 100 images/)
    }
  })

  it('refuses images that were measured by another extractor', () => {
    const other = { ...measuredRows(drawRows(1, createRandom(1))), extractorId: 'f' }
    assert.throws(() => open().take(other), { code: 'config.invalid' })
  })
})
