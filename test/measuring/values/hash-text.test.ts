import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hashText, shortDigest } from '../../../src/measuring/values/hash-text.ts'

describe('hash of a text', () => {
  it('is a whole number below 2⁵³, the same on every machine', () => {
    // By the published cyrb53.
    assert.equal(hashText('a'), 7_929_297_801_672_961)
    assert.equal(hashText('b'), 8_684_336_938_537_663)
    assert.equal(hashText('revenge'), 4_051_478_007_546_757)
  })

  it('spreads ids that count up evenly over its range', () => {
    for (const idOf of [(i: number) => String(i), (i: number) => `photos/img-${i}.jpg`]) {
      const tenths = Array.from({ length: 10 }, () => 0)
      const rows = 20_000
      for (let i = 0; i < rows; i++) tenths[Math.floor((10 * hashText(idOf(i))) / 2 ** 53)]++
      // Five standard errors of a tenth.
      const most = 5 * Math.sqrt(rows * 0.09)
      for (const count of tenths) assert.ok(Math.abs(count - rows / 10) < most, String(tenths))
    }
  })

  it('has a short form of twelve digits', () => {
    assert.match(shortDigest('x'), /^[0-9a-f]{12}$/)
    assert.notEqual(shortDigest('x'), shortDigest('y'))
  })
})
