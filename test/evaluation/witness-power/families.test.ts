import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GRADED_CHANGES } from '../../../src/images/index.ts'
import {
  changesBeside,
  changesOf,
  FAMILIES,
  FAMILY_NAMES,
} from '../../../evaluation/witness-power/families.ts'

test('every graded change is of just one family', () => {
  const all = FAMILY_NAMES.flatMap((family) => [...FAMILIES[family]])
  assert.deepEqual(
    all.toSorted(),
    GRADED_CHANGES.map(({ name }) => name).toSorted((a, b) => (a < b ? -1 : 1)),
  )
})

test('a family and all others are all changes that images can show', () => {
  for (const family of FAMILY_NAMES) {
    const own = changesOf(family, 3)
    const others = changesBeside(family, 3)
    assert.equal(own.length + others.length, GRADED_CHANGES.length)
    assert.ok(!others.some((one) => own.includes(one)))
  }
  assert.deepEqual(changesOf('colour', 1), [])
})
