import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findStart } from '../../../src/statistics/index.ts'
import { createRandom, type Random } from '../../../src/tensor/index.ts'

/** Even p-values, then small ones in a share of the images. */
function pValues(random: Random, [clean, changed]: readonly [number, number], share = 1): number[] {
  const drawn = Array.from({ length: clean }, () => random.uniform())
  for (let i = 0; i < changed; i++) {
    drawn.push(random.uniform() < share ? 0.02 * random.uniform() : random.uniform())
  }
  return drawn
}

describe('the start of a change', () => {
  it('is found from a place nearby, and its interval holds it', () => {
    const random = createRandom(1)
    let [held, near] = [0, 0]
    for (let run = 0; run < 20; run++) {
      const { likeliest, from, to } = findStart(pValues(random, [200, 10]), 197)
      if (Math.abs(likeliest - 200) <= 2) near++
      assert.ok(from <= likeliest && likeliest <= to)
      if (from <= 200 && 200 <= to) held++
    }
    assert.ok(held >= 17 && near >= 15, `${held} and ${near} of 20`)
  })

  it('is less certain the fewer images are changed', () => {
    const random = createRandom(2)
    const widthOf = (share: number) => {
      const { from, to } = findStart(pValues(random, [500, 100], share), 500)
      return to - from
    }
    assert.ok(widthOf(0.15) > widthOf(1))
  })

  it('of a column of few values is no earlier than where these become others', () => {
    const random = createRandom(3)
    const clean = Array.from({ length: 300 }, () => (random.uniform() < 0.9 ? 0.55 : 0.05))
    const changed = Array.from({ length: 12 }, () => (random.uniform() < 0.4 ? 0.55 : 0.05))
    const { likeliest } = findStart([...clean, ...changed], 298)
    assert.ok(Math.abs(likeliest - 300) <= 10, `${likeliest}`)
  })

  it('may be the first place, and the last', () => {
    assert.deepEqual(findStart([0.01], 0), { likeliest: 0, from: 0, to: 0 })
    const changed = Array.from({ length: 50 }, () => 0.01)
    assert.equal(findStart(changed, 0).from, 0)
  })
})
