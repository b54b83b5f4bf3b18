import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../evaluation/hostile/base-files.ts'
import { readSpoilt } from '../../evaluation/hostile/read-spoilt.ts'

describe('damaged files', () => {
  for (const [number, kind] of KINDS.entries()) {
    it(`of kind ${kind} are read or refused with a code, never an error of ours`, async () => {
      const fate = await readSpoilt(kind, 500 + number, 40)
      assert.deepEqual(fate.faults, [])
      const refused = Object.values(fate.refused).reduce((sum, count) => sum + count, 0)
      assert.equal(fate.read + refused, 40)
      assert.ok(refused > 0)
    })
  }
})
