import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { timesIn } from '../../src/judging/hash-counts.ts'
import {
  createRecogniser,
  isMoreThanNatural,
  naturalShares,
} from '../../src/judging/known-images.ts'

describe('a recogniser', () => {
  const known = { learned: Float64Array.of(1, 2, 5, 5, 7), reference: Float64Array.of(3, 6, 6, 7) }

  it('tells what an image was at the fit, by its hash', () => {
    const recogniser = createRecogniser(known)
    assert.deepEqual(recogniser.look(Float64Array.of(0, 1, 3, 5, 6, 7, 9)), [
      'new',
      'learned',
      'reference',
      'recurring',
      'recurring',
      'recurring',
      'new',
    ])
  })

  it('takes each learned image for one of the batch, over all parts of it', () => {
    const recogniser = createRecogniser(known)
    assert.deepEqual(recogniser.look(Float64Array.of(1, 1, 3, 3)), [
      'learned',
      'new',
      'reference',
      'reference',
    ])
    assert.deepEqual(recogniser.look(Float64Array.of(2, 1, 5)), ['learned', 'new', 'recurring'])
    assert.deepEqual(recogniser.counts(), { new: 2, learned: 2, recurring: 1, reference: 2 })
  })

  it('knows no image where none are kept', () => {
    const recogniser = createRecogniser()
    assert.deepEqual(recogniser.look(Float64Array.of(1, 1)), ['new', 'new'])
    assert.deepEqual(recogniser.counts(), { new: 2, learned: 0, recurring: 0, reference: 0 })
  })
})

describe('what is met again by nature', () => {
  it('are copies of learned images, and of each other, among the held-out ones', () => {
    const learned = Float64Array.of(1, 1, 4)
    const reference = Float64Array.of(1, 2, 3, 3, 3)
    assert.deepEqual(naturalShares({ learned, reference }), { learned: 1 / 5, copies: 3 / 5 })
    const one = Float64Array.of(4)
    assert.deepEqual(naturalShares({ learned, reference: one }), { learned: 1, copies: 0 })
    const none = new Float64Array()
    assert.deepEqual(naturalShares({ learned, reference: none }), { learned: 0, copies: 0 })
  })

  it('is exceeded three standard errors above its share', () => {
    // 100 at a tenth: 10 and three times √9.
    assert.equal(isMoreThanNatural(19, 100, 0.1), false)
    assert.equal(isMoreThanNatural(20, 100, 0.1), true)
    assert.equal(isMoreThanNatural(0, 100, 0), false)
    assert.equal(isMoreThanNatural(1, 100, 0), true)
  })
})

describe('hashes', () => {
  it('are counted in an ascending list', () => {
    const sorted = Float64Array.of(1, 3, 3, 3, 8)
    assert.deepEqual(
      [0, 1, 2, 3, 5, 8, 9].map((value) => timesIn(sorted, value)),
      [0, 1, 0, 3, 0, 1, 0],
    )
    assert.equal(timesIn(new Float64Array(), 1), 0)
  })
})
