import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { streamWatcher, windowsWatcher } from '../../../evaluation/stream/own-watchers.ts'
import { referenceOfRows } from '../../../evaluation/stream/watched.ts'
import { alarmAtRate, countAlarms, firstAlarm } from '../../../evaluation/stream/watcher.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const random = createRandom(1)
const normal = (rows: number, mean = 0) => ({
  width: 1,
  values: Float32Array.from({ length: rows }, () => mean + random.normal()),
})

describe('countAlarms', () => {
  it('leaves each stream at its first alarm', () => {
    const streams = [
      [0, 2, 2, 2],
      [0, 0, 0, 1],
      [0, 0, 0, 0],
    ]
    assert.deepEqual(countAlarms(streams, 1), { images: 10, alarms: 2 })
    assert.deepEqual(countAlarms(streams, 2), { images: 10, alarms: 1 })
    assert.deepEqual(countAlarms(streams, 3), { images: 12, alarms: 0 })
  })
})

describe('alarmAtRate', () => {
  it('finds the strength that is passed once in so many images', () => {
    // One strength in 100 is 10 or more, one in 1,000 is 100 or more.
    const streams = Array.from({ length: 300 }, () =>
      Array.from({ length: 400 }, () => 0.1 / (1 - random.uniform())),
    )
    for (const every of [100, 300]) {
      const alarmAt = alarmAtRate(streams, every)
      assert.ok(Math.abs(alarmAt / (0.1 * every) - 1) < 0.2, `${alarmAt}`)
      const { images, alarms } = countAlarms(streams, alarmAt)
      assert.ok(images / alarms >= every)
      const lower = countAlarms(streams, alarmAt * 0.99)
      assert.ok(lower.images / lower.alarms < every * 1.01)
    }
  })

  it('stays above the threshold of a method that alarms too often, below that of one that hardly does', () => {
    const often = [[0, 5, 0, 0], [3]]
    assert.ok(alarmAtRate(often, 4) > 3)
    assert.ok(
      alarmAtRate(
        [
          [0, 0.25],
          [0.5, 0],
        ],
        2,
      ) <= 0.5,
    )
  })
})

describe('the stream as a watcher', () => {
  const reference = referenceOfRows(normal(600).values, 1)
  const jump = { width: 1, values: Float32Array.of(...normal(60).values, ...normal(60, 4).values) }

  it('ends with the first alarm from a row on', async () => {
    const watcher = streamWatcher(reference, 100)
    const strengths = await watcher.strengths(jump, { alarmAt: 1, from: 60, seed: 1 })
    assert.ok(strengths.length > 60 && strengths.length < 80, `${strengths.length}`)
    assert.equal(firstAlarm(strengths, 1), strengths.length - 1)
  })

  it('starts anew after an alarm before', async () => {
    const watcher = streamWatcher(reference, 100)
    const options = { alarmAt: 1, from: 110, seed: 1 }
    const strengths = Array.from(await watcher.strengths(jump, options))
    const first = firstAlarm(strengths, 1) ?? 0
    assert.ok(first >= 60 && first < 80)
    assert.ok(strengths[first + 1] < strengths[first] / 3)
  })

  it('goes on where nothing is an alarm', async () => {
    const options = { alarmAt: Infinity, from: 0, seed: 1 }
    const strengths = await streamWatcher(reference, 100).strengths(jump, options)
    assert.equal(strengths.length, 120)
    assert.ok(strengths[119] > 10)
  })
})

describe('windows as a watcher', () => {
  const mean = (values: Float32Array) => values.reduce((sum, one) => sum + one, 0) / values.length
  const watcher = windowsWatcher(({ values }) => (mean(values) > 2 ? 0.001 : 0.5), {
    size: 10,
    falseAlarmEvery: 100,
  })

  it('speaks at the end of each window, which may begin anywhere', async () => {
    const begins = await Promise.all(
      [1, 2, 3].map(async (seed) => {
        const options = { alarmAt: Infinity, from: 0, seed }
        const strengths = Array.from(await watcher.strengths(normal(60), options))
        const ends = strengths.flatMap((strength, i) => (strength > 0 ? [i + 1] : []))
        assert.ok(ends.length >= 5)
        assert.ok(ends.every((end, i) => i === 0 || end - ends[i - 1] === 10))
        return ends[0] % 10
      }),
    )
    assert.ok(new Set(begins).size > 1)
  })

  it('alarms at the end of the window in which the change is seen, and looks at none that ended before', async () => {
    const jump = {
      width: 1,
      values: Float32Array.of(...normal(40).values, ...normal(40, 5).values),
    }
    const strengths = await watcher.strengths(jump, { alarmAt: 1, from: 40, seed: 1 })
    const first = firstAlarm(strengths, 1) ?? 0
    assert.ok(first >= 40 && first < 60, `${first}`)
    assert.ok(Array.from(strengths).every((strength, i) => i === first || strength < 1))
    assert.ok(
      Array.from(strengths)
        .slice(0, 40)
        .every((strength) => strength === 0),
    )
    // One window of ten alarms by chance at .1.
    assert.ok(Math.abs(strengths[first] - 100) < 1e-9)
  })
})
