import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { completePolicy, policyId } from '../../src/judging/policy.ts'

describe('a policy', () => {
  it('has the usual thresholds where none are given, or undefined ones', () => {
    const usual = {
      fewestImages: 5,
      largestWindow: 10_000,
      smallestDrift: 0.05,
      manyUnreadable: 0.05,
      manyRepeats: 0.05,
      evidenceLevel: 0.01,
    }
    const rule = { kind: 'relative', increase: 0.1 } as const
    assert.deepEqual(completePolicy(rule), { ...rule, ...usual })
    const some = { ...rule, fewestImages: undefined, smallestDrift: 0.2, tolerateFiles: undefined }
    assert.deepEqual(completePolicy(some), { ...rule, ...usual, smallestDrift: 0.2 })
  })

  it('has the same id where it is the same, however it was written', () => {
    const first = completePolicy({ kind: 'false-alarm-rate', rate: 0.01 })
    const turned = Object.fromEntries(Object.entries(first).toReversed()) as typeof first
    assert.equal(policyId(turned), policyId(first))
    const other = completePolicy({ kind: 'false-alarm-rate', rate: 0.02 })
    assert.notEqual(policyId(other), policyId(first))
  })
})
