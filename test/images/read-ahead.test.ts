import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readAhead } from '../../src/images/read-ahead.ts'

function* count(limit: number, onEnd: () => void = () => {}): Generator<number> {
  try {
    for (let i = 0; i < limit; i++) yield i
  } finally {
    onEnd()
  }
}

const never = { isFull: () => false, onTaken: () => {} }

describe('readAhead', () => {
  it('keeps the order of items whose work ends in another', async () => {
    const results: number[] = []
    const start = async (item: number): Promise<number> => {
      for (let i = 0; i < (item % 3) * 4; i++) await Promise.resolve()
      return item
    }
    for await (const result of readAhead(count(20), start, { ...never, window: 5 })) {
      results.push(result)
    }
    assert.deepEqual(results, [...count(20)])
  })

  it('works a whole window ahead while the consumer is busy, and no further', async () => {
    let started = 0
    const start = (item: number): number => {
      started++
      return item
    }
    const ahead = readAhead(count(100), start, { ...never, window: 8 })
    await ahead.next()
    assert.equal(started, 8)
    await ahead.next()
    assert.equal(started, 9)
    await ahead.return(undefined)
  })

  it('waits while too much is held, but never stops for good', async () => {
    let held = 0
    const start = (item: number): number => {
      held++
      return item
    }
    let most = 0
    const limits = { window: 50, isFull: () => held >= 3, onTaken: () => void held-- }
    const results: number[] = []
    for await (const result of readAhead(count(20), start, limits)) {
      most = Math.max(most, held)
      results.push(result)
    }
    assert.equal(results.length, 20)
    assert.ok(most <= 3)
    const alwaysFull = { window: 50, isFull: () => true, onTaken: () => {} }
    const one = readAhead(count(2), (item) => item, alwaysFull)
    assert.deepEqual(await one.next(), { done: false, value: 0 })
    assert.deepEqual(await one.next(), { done: false, value: 1 })
  })

  it('closes the items when the consumer leaves', async () => {
    let closed = false
    const items = count(100, () => (closed = true))
    for await (const _ of readAhead(items, (item) => item, { ...never, window: 4 })) break
    assert.ok(closed)
  })
})
