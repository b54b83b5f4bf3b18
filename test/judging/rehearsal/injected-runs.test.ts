import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  completePolicy,
  createInjectedRuns,
  type RehearsalSettings,
} from '../../../src/judging/index.ts'
import { createStreamReference } from '../../../src/judging/stream/stream-reference.ts'
import { createStreamTests } from '../../../src/judging/stream/stream-tests.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'
import {
  baselineOfNumbers,
  drawPlaces,
  drawRows,
  measuredRows,
} from '../stream/stream-of-numbers.ts'

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
  changed: { values: drawRows(500, createRandom(6), shift) },
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

  it('find a mark that is always at the same place, as a stream and in batches', () => {
    const baseline = baselineOfNumbers(1, { hasPlaces: true })
    const random = createRandom(8)
    const rows = (moved = {}) => ({
      values: drawRows(600, random),
      places: drawPlaces(600, random, moved),
    })
    const own = { clean: rows(), settings: { ...settings, within: 300 } }
    const runs = createInjectedRuns(baseline, policy, own)
    const marked = { ...injection(0), changed: rows({ 9: -1, 10: -1, 17: -1 }) }
    const stream = runs.stream(marked)
    assert.equal(stream.found, 12)
    assert.ok(
      stream.images !== null && stream.images >= 50 && stream.images <= 140,
      `${stream.images}`,
    )
    assert.equal(runs.batches(marked).found, 12)
    const unmarked = { ...marked, changed: rows() }
    assert.ok(runs.stream(unmarked).found <= 1)
    assert.ok(runs.batches(unmarked).found <= 1)
    // So large a batch is judged exactly.
    const exact = { ...own, settings: { ...own.settings, batchSize: 800 } }
    const large = createInjectedRuns(baseline, policy, exact).batches({ ...marked, runs: 1 })
    assert.equal(large.found, 1)
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

  it('begin after a thousand images that nothing was found in, from five streams in turn', () => {
    const baseline = baselineOfNumbers(1)
    // Alarms are frequent enough for some to come before the change.
    const own = { ...settings, falseAlarmEvery: 300, within: 60, seed: 2 }
    const weak = { ...injection(0.8, 0.7), runs: 14 }
    const tests = createStreamTests(createStreamReference(baseline), {
      falseAlarmEvery: 300,
      threshold: 'guaranteed',
      seed: 2,
    })
    /** The bins of a row that is drawn. */
    const drawn = (random: Random, share: number): Uint16Array => {
      const { values: from } = random.uniform() < share ? weak.changed : clean
      const row = random.integer(from.length / 4)
      return tests.binsOf(from.subarray(4 * row, 4 * row + 4))
    }
    const start = (number: number) => {
      const random = createRandom(2 + number)
      const change = tests.change.init()
      const slow = tests.slow.init()
      const isAlarmed = () => tests.change.alarmed(change) || tests.slow.alarmed(slow)
      const take = (row: Uint16Array) => {
        tests.change.update(change, row)
        tests.slow.update(slow, row)
      }
      for (let image = 0; image < 1000; image++) {
        if (isAlarmed()) tests.change.reset(change)
        take(drawn(random, 0))
      }
      return { take, isAlarmed }
    }
    const random = createRandom(weak.seed)
    const delays = Array.from({ length: weak.runs }, (_, run) => {
      const { take, isAlarmed } = start(run % 5)
      for (let image = 1; image <= 60; image++) {
        take(drawn(random, weak.share))
        if (isAlarmed()) return image
      }
      return Infinity
    })
    const found = delays.filter(Number.isFinite).length
    const median = delays.toSorted((a, b) => a - b)[7]
    assert.ok(found > 7 && found < 14 && Number.isFinite(median), delays.join())
    assert.deepEqual(createInjectedRuns(baseline, policy, { clean, settings: own }).stream(weak), {
      strength: 7,
      runs: 14,
      found,
      images: median,
    })
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
