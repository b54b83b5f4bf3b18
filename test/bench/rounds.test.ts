import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ratiosTo } from '../../bench/harness/contest.ts'
import { fastest, ratioOf, spreadOf } from '../../bench/harness/ratios.ts'
import { alternate, type Contestant } from '../../bench/harness/rounds.ts'

/** A contestant that pretends a pace, and writes down its turns. */
function pretend(name: string, imagesPerSecond: number, diary: string[]): Contestant {
  const ask = async ({ steps }: { readonly steps?: number }): Promise<object> => {
    diary.push(`${name} ${steps}`)
    const images = 100 * (steps ?? 0)
    return { images, seconds: images / imagesPerSecond }
  }
  return { name, worker: { ask: ask as Contestant['worker']['ask'] } }
}

describe('alternate', () => {
  it('lets the contestants take turns of the asked length', async () => {
    const diary: string[] = []
    const contestants = [pretend('a', 1000, diary), pretend('b', 250, diary)]
    const rates = await alternate(contestants, { rounds: 3, turnSeconds: 2, log: () => {} })
    assert.deepEqual(diary.slice(-6), ['a 20', 'b 5', 'a 20', 'b 5', 'a 20', 'b 5'])
    assert.deepEqual(Object.fromEntries(rates), { a: [1000, 1000, 1000], b: [250, 250, 250] })
  })
})

describe('spreads and ratios', () => {
  it('take the middle of an odd and the mean of the middle two of an even number', () => {
    assert.deepEqual(spreadOf([5, 1, 3]), { median: 3, lowest: 1, highest: 5 })
    assert.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2.5, lowest: 1, highest: 4 })
    assert.throws(() => spreadOf([]), RangeError)
  })

  it('compare round by round, so that a slow round of both cancels', () => {
    assert.deepEqual(ratioOf([200, 20], [100, 10]), { median: 2, lowest: 2, highest: 2 })
    assert.throws(() => ratioOf([1, 2], [1]), RangeError)
  })

  it('are to the fastest of the peers', () => {
    const rates = new Map([
      ['ours', [30, 30, 30]],
      ['slow', [10, 10, 100]],
      ['fast', [15, 20, 20]],
    ])
    assert.equal(fastest(rates, ['slow', 'fast']), 'fast')
    const ratios = ratiosTo({ rates, versions: {} }, 'ours', {
      all: ['slow', 'fast'],
      one: ['slow'],
    })
    assert.equal(ratios.all, 1.5)
    assert.equal(ratios.one, 3)
    assert.deepEqual(ratios.spreads.all, { median: 1.5, lowest: 1.5, highest: 2, peer: 'fast' })
  })
})
