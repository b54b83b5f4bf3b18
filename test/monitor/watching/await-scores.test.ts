import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { DriftError } from '../../../src/errors.ts'
import type { ImageOutcome } from '../../../src/monitor/store/index.ts'
import {
  monitorSettingsSchema,
  openScoreWaits,
  type WatchedMonitor,
} from '../../../src/monitor/watching/index.ts'

const monitor: WatchedMonitor = {
  id: 'm',
  detector: 'd',
  settings: monitorSettingsSchema.parse({}),
}
const HOUR_MS = 3_600_000
const { signal } = new AbortController()

/** Waits over a store that others put images into. */
function openTestWaits() {
  const counted = new Map<string, number>()
  let looks = 0
  let isBroken = false
  const outcomes = async (_: string, names: readonly string[]): Promise<ImageOutcome[]> => {
    looks++
    if (isBroken) throw new Error('no answer')
    return names.map((predictionId) => {
      const score = counted.get(predictionId)
      return {
        number: score ?? 0,
        predictionId,
        state: score === undefined ? ('pending' as const) : ('counted' as const),
        source: null,
        takenAt: null,
        receivedAt: 0,
        measured:
          score === undefined
            ? null
            : {
                hash: 0,
                record: JSON.stringify({ id: predictionId }),
                numbers: Float32Array.of(1),
              },
        skipped: null,
      }
    })
  }
  const said: string[] = []
  const waits = openScoreWaits({
    store: { images: { outcomes } },
    judges: {
      score: async ({ images }) =>
        images.map(({ number }) => ({ score: number, pValue: 0.5, loss: 0, excessLoss: 0 })),
    },
    log: (_, message) => said.push(message),
    everyMs: HOUR_MS,
  })
  return {
    waits,
    counted,
    said,
    looks: () => looks,
    breaks: (is: boolean) => {
      isBroken = is
    },
  }
}

describe('requests that wait for scores', () => {
  it('are told once all of their images are measured, each its own, by one look for all', async () => {
    const { waits, counted, looks } = openTestWaits()
    const until = { waitMs: HOUR_MS, signal }
    const [one, two] = [waits.take(2), waits.take(1)]
    const both = [one.outcomes(monitor, ['a', 'b'], until), two.outcomes(monitor, ['b'], until)]
    await setImmediate()
    counted.set('a', 1)
    waits.wake('other')
    await setImmediate()
    const before = looks()
    counted.set('b', 2)
    waits.wake('m')
    const found = await Promise.all(both)
    assert.equal(looks(), before + 1)
    assert.deepEqual(
      found.map((own) => [...own].map(([name, { score }]) => [name, score?.score])),
      [
        [
          ['a', 1],
          ['b', 2],
        ],
        [['b', 2]],
      ],
    )
  })

  it('are told what is known when their time is over, whoever asked is gone, or the service ends', async () => {
    const { waits, counted, looks } = openTestWaits()
    counted.set('a', 1)
    const gone = new AbortController()
    const ends = [
      { waitMs: 20, signal },
      { waitMs: HOUR_MS, signal: gone.signal },
      { waitMs: HOUR_MS, signal },
    ]
    const all = ends.map((until) => waits.take(2).outcomes(monitor, ['a', 'never'], until))
    const [timed, left, closed] = all
    assert.deepEqual([...(await timed).keys()], ['a'])
    gone.abort()
    assert.deepEqual([...(await left).keys()], ['a'])
    waits.close()
    assert.deepEqual([...(await closed).keys()], ['a'])
    const before = looks()
    waits.wake('m')
    const late = await waits.take(1).outcomes(monitor, ['a'], { waitMs: HOUR_MS, signal })
    assert.equal(late.size, 0)
    assert.equal(looks(), before)
  })

  it('outlive a look that fails', async () => {
    const { waits, counted, said, breaks } = openTestWaits()
    breaks(true)
    const waiting = waits.take(1).outcomes(monitor, ['a'], { waitMs: HOUR_MS, signal })
    await setImmediate()
    assert.deepEqual(said, ['scores: no answer'])
    breaks(false)
    counted.set('a', 1)
    waits.wake('m')
    assert.equal((await waiting).size, 1)
  })

  it('are a hundred at most, of a thousand images, and leave their place once only', () => {
    const { waits } = openTestWaits()
    const isBusy = (error: unknown) =>
      error instanceof DriftError && error.code === 'resource.busy' && error.retryable
    const large = waits.take(2000)
    assert.throws(() => waits.take(1), isBusy)
    large.leave()
    large.leave()
    const places = Array.from({ length: 100 }, () => waits.take(1))
    assert.throws(() => waits.take(0), isBusy)
    places[0].leave()
    places[0].leave()
    waits.take(901)
    places[1].leave()
    assert.throws(() => waits.take(1 + 1), isBusy)
  })
})
