import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  peerEntrants,
  RECIPE_PEERS,
  SCORING_PEERS,
  scoringEntrants,
} from '../../bench/harness/recipe-entrants.ts'

const namesOf = (peers: Readonly<Record<string, readonly string[]>>): string[] =>
  [...new Set(Object.values(peers).flat())].toSorted()

describe('entrants', () => {
  it('of training are the peers that ratios are taken to, and no others', () => {
    const entered = peerEntrants('training', 128).map(({ name }) => name)
    assert.deepEqual(entered.toSorted(), namesOf(RECIPE_PEERS))
  })

  it('of scoring are the peers in whole batches and in parts, and ONNX Runtime in Python', () => {
    const entered = scoringEntrants(128, 'model.onnx').map(({ name }) => name)
    assert.deepEqual(entered.toSorted(), namesOf(SCORING_PEERS))
  })

  it('in parts get 32 rows a call, the others whole batches', () => {
    for (const { name, command } of scoringEntrants(128, 'model.onnx')) {
      const at = command.indexOf('--part')
      const expected = name.endsWith('-32') || name.startsWith('onnxruntime')
      assert.equal(at >= 0, expected, name)
      if (expected) assert.equal(command[at + 1], '32')
    }
  })
})
