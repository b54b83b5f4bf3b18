import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { completePolicy, openStream, openStreamFamily } from '../../../src/judging/index.ts'
import { splitBytes } from '../../../src/judging/stream/joined-bytes.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { baselineOfNumbers, drawRows, measuredRows } from './stream-of-numbers.ts'

const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
const baseline = baselineOfNumbers(1, { rows: 200 })
const OPTIONS = { by: 'session', falseAlarmEvery: 500, seed: 2 }

const openFamily = (saved?: Uint8Array) => openStreamFamily(baseline, policy, OPTIONS, saved)
const openOne = () => openStream(baseline, policy, { falseAlarmEvery: 1000, seed: 2 })

const all = drawRows(60, createRandom(3))
all.set(drawRows(20, createRandom(4), 6), 40 * 4)
const cameraOf = (row: number) => (row % 3 === 0 ? 'left' : 'right')
const measured = measuredRows(all, cameraOf)

/** The images from one number up to another, of one camera or of both. */
function part(from: number, to: number, camera?: string) {
  const rows = [...measured.images.keys()]
    .slice(from, to)
    .filter((row) => camera === undefined || cameraOf(row) === camera)
  return {
    ...measured,
    images: rows.map((row) => measured.images[row]),
    values: Float32Array.from(
      rows.flatMap((row) => Array.from(all.subarray(4 * row, 4 * row + 4))),
    ),
  }
}

const SOURCES = [
  ['', undefined],
  ['left', 'left'],
  ['right', 'right'],
] as const

describe('streams of several sources', () => {
  it('are each as it would be alone, at half the rate of false alarms', () => {
    const family = openFamily()
    const events = family.take(measured)
    const pieces = splitBytes(family.save())
    assert.deepEqual(
      pieces.map(([name]) => name),
      ['', 'left', 'right'],
    )
    SOURCES.forEach(([source, camera], i) => {
      const alone = openOne()
      const expected = alone
        .take(part(0, 60, camera))
        .map((event) => Object.assign({}, event, { source }))
      assert.equal(expected.length > 0, source !== 'left')
      assert.deepEqual(
        events.filter((event) => event.source === source),
        expected,
      )
      assert.deepEqual(pieces[i][1], alone.save())
      assert.equal(family.statuses.get(source), alone.status)
    })
    assert.equal(family.images, 60)
  })

  it('go on from what was saved of each, and watch images of no source with all others only', () => {
    const by = ({
      attributes,
    }: {
      readonly attributes?: Readonly<Record<string, string>> | undefined
    }) => (attributes?.['session'] === 'left' ? undefined : 'right')
    const open = (saved?: ReadonlyMap<string, Uint8Array>) =>
      openStreamFamily(baseline, policy, { ...OPTIONS, by }, saved)
    const whole = open()
    const events = whole.take(measured)
    const first = open()
    const before = first.take(part(0, 30))
    const saved = [...first.streams].map(([source, stream]) => [source, stream.save()] as const)
    const second = open(new Map(saved))
    assert.deepEqual([...before, ...second.take(part(30, 60))], events)
    assert.deepEqual([...second.streams.keys()], ['', 'right'])
    assert.equal(second.streams.get('right')?.images, 40)
    assert.deepEqual(second.save(), whole.save())
  })

  it('tell their events as their images come, that of all together first', () => {
    const family = openFamily()
    const at = (source: string) =>
      family.take(measured).findIndex((event) => event.source === source && event.kind === 'drift')
    assert.equal(at(''), 0)
  })

  it('begin with the one of all together', () => {
    const family = openFamily()
    assert.deepEqual([...family.statuses], [['', 'watching']])
    assert.deepEqual(
      splitBytes(family.save()).map(([name]) => name),
      [''],
    )
    assert.equal(family.images, 0)
    assert.deepEqual([...openFamily(family.save()).statuses.keys()], [''])
  })

  it('go on from their bytes, bit for bit the same', () => {
    const whole = openFamily()
    const events = whole.take(measured)
    const first = openFamily()
    const before = first.take(part(0, 45))
    const second = openFamily(first.save())
    assert.deepEqual([...before, ...second.take(part(45, 60))], events)
    assert.deepEqual(second.save(), whole.save())
  })
})
