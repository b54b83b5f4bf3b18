import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DELAY_CHANGES } from '../../../evaluation/stream/delay-changes.ts'
import { summarisePeers } from '../../../evaluation/stream/peer-summary.ts'
import { study } from '../../../evaluation/studies/stream-peers.ts'

const changes = DELAY_CHANGES.mnist.slice(0, 3)

/** Delays of each of three changes, all images changed. */
function outcome(method: string, delays: readonly (readonly (number | null)[])[]) {
  return {
    cell: {
      data: 'mnist' as const,
      method,
      fitted: 3000,
      runs: 2,
      nulls: 10,
      images: 500,
      falseAlarmEvery: 1000,
    },
    result: {
      own: { images: 5000, alarms: 4 },
      alarmAt: 1.5,
      used: { images: 5000, alarms: 5 },
      delays: changes.map(({ name }, i) => ({ change: name, share: 1, delays: delays[i] })),
    },
  }
}

const outcomes = [
  outcome('stream-guaranteed', [
    [1, 1],
    [1, 1],
    [1, 1],
  ]),
  outcome('stream-measured', [
    [2, 4],
    [5, 5],
    [40, 20],
  ]),
  // Best in the median, though another is sooner in each of the outer cells.
  outcome('windows-50', [
    [30, 30],
    [20, 20],
    [27, 27],
  ]),
  outcome('mmd-10-components', [
    [6, 6],
    [null, 500],
    [60, 60],
  ]),
  outcome('cvm-10-30-features', [
    [10, 10],
    [10, 10],
    [10, 10],
  ]),
  outcome('lsdd-30-components', [
    [40, 40],
    [50, 50],
    [15, 15],
  ]),
]

describe('summarisePeers', () => {
  const { rates, delays, ratios, rows } = summarisePeers(outcomes)

  it('compares the best of the others in the median, and the best of each cell, with the measured stream', () => {
    const [all, any] = ratios.filter(({ beside }) => beside.startsWith('windows'))
    assert.deepEqual(
      [all.share, all.ours, all.best, all.medianRatio, all.medianRatioToBestOfCell],
      [1, 5, 27, 4, 2],
    )
    assert.match(all.bestPeer, /window test of each 50/)
    assert.deepEqual([all.cells, all.soonerElsewhere], [3, 1])
    assert.deepEqual({ ...any, share: 1 }, all)
  })

  it('holds peers that are given our features apart', () => {
    const all = ratios.find(({ beside }) => beside === 'peers on our features')
    assert.ok(all)
    assert.match(all.bestPeer, /CVM of 10 and 30 images, features/)
    assert.deepEqual([all.best, all.medianRatio, all.soonerElsewhere], [10, 2, 1])
  })

  it('counts a change that was not seen as the longest wait', () => {
    const missed = rows.find((row) => row.missed > 0)
    assert.deepEqual([missed?.mean, missed?.percentile95], [1750, 3000])
  })

  it('says how often each alarmed at its own threshold, and where it does so as stated', () => {
    assert.equal(rates[0]['images per alarm at its own threshold'], 1250)
    assert.deepEqual(rates[0]['within (95%)'], [469, 3331])
    assert.equal(rates[0]['images per alarm there'], 1000)
    assert.equal(delays.length, outcomes.length)
  })
})

describe('the study', () => {
  it('is skipped with a word on how to get alibi-detect', async (context) => {
    const variable = 'PIXELDRIFT_PEER_PYTHON_ALIBI'
    const before = process.env[variable]
    context.after(() => {
      if (before === undefined) delete process.env[variable]
      else process.env[variable] = before
    })
    process.env[variable] = '/nowhere/python'
    const reason = await study.skipReason?.({ data: ['mnist'] })
    assert.match(reason ?? '', /alibi: run bench\/peers\/setup\.sh alibi/)
  })
})
