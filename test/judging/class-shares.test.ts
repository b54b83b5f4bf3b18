import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { distanceOf, nameShares } from '../../src/judging/class-shares.ts'
import { describeShares } from '../../src/wording/index.ts'
import type { FeatureEvidence } from '../../src/verdict/index.ts'

const share = (category: number, reference: number, window: number) => ({
  category,
  reference,
  window,
})

describe('shares of predicted classes', () => {
  it('come with the classes’ names, largest difference first, in order where equal', () => {
    const named = nameShares(
      [share(0, 0.5, 0.5), share(1, 0.25, 0), share(3, 0, 0.375), share(2, 0.25, 0.5)],
      ['cat', 'dog', 'fox'],
    )
    assert.deepEqual(named, [
      { index: 3, name: null, reference: 0, batch: 0.375 },
      { index: 1, name: 'dog', reference: 0.25, batch: 0 },
      { index: 2, name: 'fox', reference: 0.25, batch: 0.5 },
      { index: 0, name: 'cat', reference: 0.5, batch: 0.5 },
    ])
    assert.equal(nameShares([share(4, 1, 0)], undefined)[0].name, null)
    const equal = [5, 3, 4, 1, 2].map((category) => share(category, 0.25, 0))
    assert.deepEqual(
      nameShares(equal, undefined).map(({ index }) => index),
      [1, 2, 3, 4, 5],
    )
  })

  it('are said in whole percents, in tenths below ten', () => {
    const said = (from: number, to: number): string =>
      describeShares({ shares: nameShares([share(0, from, to)], ['cat']) }, 4)
    assert.equal(said(0.104, 0.31), "'cat' 10% → 31%")
    assert.equal(said(0.0994, 0.0996), "'cat' 9.9% → 10%")
    assert.equal(said(0.0995, 0.0995), "'cat' 10% → 10%")
    assert.equal(said(0.0004, 0), "'cat' 0.0% → 0%")
    const unnamed = { shares: nameShares([share(3, 0.1, 0.2)], undefined) }
    assert.equal(describeShares(unnamed, 4), 'class 3 10% → 20%')
  })

  it('are said of at most so many classes, and of none that reads the same, but of the first', () => {
    const shares = nameShares(
      [share(0, 0.4, 0.1), share(1, 0.1, 0.3), share(2, 0.2, 0.3), share(3, 0.301, 0.3)],
      ['cat', 'dog', 'fox', 'hen'],
    )
    const said = (most: number, own = shares) => describeShares({ shares: own }, most)
    assert.equal(said(2), "'cat' 40% → 10%, 'dog' 10% → 30%")
    assert.equal(said(9), "'cat' 40% → 10%, 'dog' 10% → 30%, 'fox' 20% → 30%")
    assert.equal(said(9, shares.slice(3)), "'hen' 30% → 30%")
  })

  it('stand beside the distances of numbers', () => {
    const distance = (evidence: object) => distanceOf(evidence as FeatureEvidence)
    assert.equal(distance({ kind: 'category', totalVariation: 0.25, kolmogorovSmirnov: 1 }), 0.25)
    assert.equal(distance({ kind: 'quantity', totalVariation: 0.25, kolmogorovSmirnov: 1 }), 1)
  })
})
