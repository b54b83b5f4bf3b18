import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  evidenceOf,
  follow,
  noTrack,
  TRACK_POINTS,
} from '../../../src/judging/stream/evidence-track.ts'

function followed(evidence: readonly number[]) {
  const track = noTrack()
  for (const one of evidence) follow(track, one)
  return evidenceOf(track)
}

const rising = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('the evidence of a stream over its length', () => {
  it('is none at first, then a point for each bet', () => {
    assert.deepEqual(followed([]), { every: 1, peaks: [] })
    assert.deepEqual(followed([0.5, 0.25, 2]), { every: 1, peaks: [0.5, 0.25, 2] })
    assert.deepEqual(followed(rising(TRACK_POINTS)), { every: 1, peaks: rising(TRACK_POINTS) })
  })

  it('has the strongest of two bets, then of four, where there is no more room', () => {
    const one = followed(rising(TRACK_POINTS + 1))
    assert.equal(one.every, 2)
    assert.deepEqual(one.peaks.slice(0, 3), [1, 3, 5])
    assert.deepEqual(one.peaks.slice(-2), [TRACK_POINTS - 1, TRACK_POINTS])
    assert.equal(one.peaks.length, TRACK_POINTS / 2 + 1)
    const four = followed(rising(2 * TRACK_POINTS + 6))
    assert.equal(four.every, 4)
    assert.deepEqual(four.peaks.slice(0, 2), [3, 7])
    assert.deepEqual(four.peaks.slice(-2), [2 * TRACK_POINTS + 3, 2 * TRACK_POINTS + 5])
    assert.equal(four.peaks.length, TRACK_POINTS / 2 + 2)
  })

  it('is kept with how many bets are a point, how many points are whole, and how many bets are open', () => {
    const track = noTrack()
    for (const one of rising(TRACK_POINTS + 1)) follow(track, one)
    assert.deepEqual([...track.numbers], [2, TRACK_POINTS / 2, 1])
  })

  it('loses no peak, wherever it was', () => {
    for (const place of [0, 511, 512, 700, 1023, 1024, 4000]) {
      const evidence = rising(5000).map((i) => (i === place ? 9 : 0))
      const { every, peaks } = followed(evidence)
      assert.equal(peaks.indexOf(9), Math.floor(place / every))
      assert.equal(peaks.filter((one) => one > 0).length, 1)
    }
  })
})
