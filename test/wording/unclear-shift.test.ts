import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { UnclearBecause } from '../../src/verdict/index.ts'
import { tellUnclear } from '../../src/wording/unclear-shift.ts'

const REASONS: readonly UnclearBecause[] = [
  { code: 'one-class-predicted' },
  { code: 'neither-sure' },
  { code: 'few-labels' },
  { code: 'one-label' },
  { code: 'many-classes', classes: 129 },
  { code: 'classes-confused' },
  { code: 'few-of-classes' },
  { code: 'classifier-errs' },
  { code: 'errors-unknown' },
]

describe('why a shift is unclear', () => {
  it('is said in a sentence of its own for every reason', () => {
    const said = REASONS.map(tellUnclear)
    assert.equal(new Set(said).size, REASONS.length)
    for (const words of said) assert.match(words, /^(the |neither |too |129 classes )[^.]+$/)
  })

  it('is that neither is sure where no reason is given', () => {
    assert.equal(tellUnclear(undefined), 'neither is sure on its own')
  })
})
