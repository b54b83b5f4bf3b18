import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  completePolicy,
  createInjectedRuns,
  type RehearsalSettings,
} from '../../../src/judging/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'
import { baselineOfNumbers, drawRows, measuredRows } from '../stream/stream-of-numbers.ts'

const policy = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
const settings: RehearsalSettings = {
  batchSize: 40,
  falseAlarmEvery: 10_000,
  within: 200,
  shares: [1],
  runs: 10,
  seed: 0,
}
const clean = measuredRows(drawRows(1500, createRandom(5)))
const open = (own: Partial<RehearsalSettings> = {}, baseline = baselineOfNumbers(1)) =>
  createInjectedRuns(baseline, policy, { clean, settings: { ...settings, ...own } })
const injection = (shift: number, share = 1) => ({
  strength: 7,
  share,
  changed: drawRows(500, createRandom(6), shift),
  runs: 12,
  seed: 3,
})

describe('injected runs', () => {
  it('find a plain change in every run, a stream within a few images', () => {
    const runs = open()
    const stream = runs.stream(injection(3))
    assert.deepEqual({ ...stream, images: 0 }, { strength: 7, runs: 12, found: 12, images: 0 })
    assert.ok(stream.images !== null && stream.images >= 3 && stream.images <= 15)
    assert.deepEqual(runs.batches(injection(3)), { strength: 7, runs: 12, found: 12, images: 40 })
  })

  it('find nothing where nothing is changed', () => {
    const runs = open()
    assert.equal(runs.stream(injection(3, 0)).found, 0)
    assert.equal(runs.stream(injection(3, 0)).images, null)
    assert.ok(runs.batches(injection(3, 0)).found <= 1)
  })

  it('take longer where fewer images are changed', () => {
    const runs = open()
    const [all, few] = [1, 0.1].map((share) => runs.stream(injection(3, share)).images)
    assert.ok(all !== null && few !== null && few > 3 * all, `${all}, ${few}`)
  })

  it('miss what comes too late', () => {
    assert.equal(open({ within: 2 }).stream(injection(3)).found, 0)
    assert.equal(open({ batchSize: 5 }).batches(injection(0.3)).found, 0)
  })

  it('are the same of the same seed, others of another', () => {
    const runs = open()
    const weak = { ...injection(0.4), runs: 30 }
    assert.deepEqual(runs.stream(weak), open().stream(weak))
    const found = [1, 2, 3, 4].map((seed) => runs.stream({ ...weak, seed }).images)
    assert.ok(new Set(found).size > 1, found.join())
  })

  it('see no tolerated change, however sure the stream is of it', () => {
    const baseline = baselineOfNumbers(1)
    const everything = { ...baseline, nearest: () => [] }
    assert.equal(open({}, everything).stream(injection(3)).found, 12)
    const likeIt = baselineOfNumbers(1)
    const tolerant = {
      ...likeIt,
      // The mixture that the batch resembles most is the batch's own kind.
      nearest: () => [shifted.comparison],
    }
    assert.equal(open({}, tolerant).stream(injection(3)).found, 0)
  })
})

const shifted = baselineOfNumbers(1, { shift: 3 })
