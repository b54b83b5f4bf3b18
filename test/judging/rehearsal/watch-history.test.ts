import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { completePolicy, judge, openStream, watchHistory } from '../../../src/judging/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { baselineOfNumbers, drawRows, measuredRows } from '../stream/stream-of-numbers.ts'

const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
const settings = {
  batchSize: 50,
  falseAlarmEvery: 10_000,
  within: 200,
  shares: [1],
  runs: 10,
  seed: 0,
}
const baseline = baselineOfNumbers(1)

function watched(parts: readonly Float32Array[], own: Partial<typeof settings> = {}) {
  const watch = watchHistory(baseline, policy, { ...settings, ...own })
  for (const rows of parts) watch.take(measuredRows(rows))
  return watch.told()
}

describe('watching a history', () => {
  it('says nothing of images like the reference', () => {
    const { images, stream, batches } = watched([drawRows(420, createRandom(14))])
    assert.equal(images, 420)
    assert.deepEqual(stream, { events: [], status: 'watching' })
    assert.deepEqual(batches, { size: 50, count: 8, drift: 0, warning: 0, named: [] })
  })

  it('has the events of a stream, and the batches that were not quiet with what they are about', () => {
    const random = createRandom(3)
    const parts = [drawRows(120, random), drawRows(60, random, 3), drawRows(70, random)]
    const { stream, batches } = watched(parts)
    const alone = openStream(baseline, policy, { falseAlarmEvery: 10_000, seed: 0 })
    const events = parts.flatMap((rows) => alone.take(measuredRows(rows)))
    assert.deepEqual(stream, { events, status: alone.status })
    assert.equal(events[0].kind, 'drift')
    assert.deepEqual([batches.count, batches.drift, batches.warning], [5, 2, 0])
    assert.deepEqual(
      batches.named.map(({ number }) => number),
      [3, 4],
    )
    // The third batch is 20 clean images and 30 changed ones, over two parts.
    const [third] = batches.named
    assert.deepEqual([third.from, third.to], ['100.png', '29.png'])
    const width = baseline.table.columns.length
    const rows = Float32Array.from([
      ...parts[0].subarray(100 * width),
      ...parts[1].subarray(0, 30 * width),
    ])
    const alike = judge(baseline, measuredRows(rows), policy, { seed: 0 })
    assert.equal(third.judgement.pValue, alike.pValue)
    assert.deepEqual(third.judgement.features, alike.features)
  })

  it('counts batches of which few images changed as warnings', () => {
    const rows = drawRows(100, createRandom(14))
    // Only the loss, which is compared by its values too.
    for (let row = 10; row < 13; row++) rows[4 * row] = 60
    const { batches } = watched([rows], { batchSize: 100, seed: 3 })
    assert.deepEqual([batches.count, batches.drift, batches.warning], [1, 0, 1])
    assert.equal(batches.named[0].judgement.severity, 'warning')
    const alike = judge(baseline, measuredRows(rows), policy, { seed: 3 })
    assert.equal(batches.named[0].judgement.pValue, alike.pValue)
    assert.deepEqual(batches.named[0].judgement.changedShare, alike.changedShare)
  })

  it('is of no batch that is not whole', () => {
    assert.equal(watched([drawRows(49, createRandom(4))]).batches.count, 0)
    assert.equal(watched([drawRows(50, createRandom(4))]).batches.count, 1)
  })

  it('names twenty batches at most, and counts all', () => {
    const { batches } = watched([drawRows(250, createRandom(4), 4)], { batchSize: 10 })
    assert.equal(batches.count, 25)
    assert.equal(batches.drift, 25)
    assert.deepEqual(
      batches.named.map(({ number }) => number),
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
  })
})
