import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import {
  type ChangedShare,
  estimateChangedShare,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { assertClose } from './golden.ts'
import { givenDraws } from './given-draws.ts'

type Row = readonly number[]

/** Made by test/golden/changed-share.py with NumPy and SciPy. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/changed-share.json', import.meta.url), 'utf8'),
) as readonly (ChangedShare & {
  readonly name: string
  readonly columnCount: number
  readonly reference: Row
  readonly window: Row
  /** Which of the columns were looked at, in this order; `columns` are their bounds. */
  readonly asked: Row
  readonly categories: Row
  readonly draws: number
  readonly blocks: readonly [reference: Row, window: Row] | null
  readonly integers: Row
})[]

describe('the share of rows that changed', () => {
  for (const { name, columnCount, integers, blocks, ...expected } of golden) {
    it(`is what its definition says, draw for draw: ${name}`, () => {
      const random = givenDraws(integers)
      const found = estimateChangedShare(
        prepareOmnibusReference(Float32Array.from(expected.reference), columnCount),
        Float32Array.from(expected.window),
        {
          columns: expected.asked,
          categories: new Set(expected.categories),
          random,
          draws: expected.draws,
          ...(blocks && { blocks: { reference: blocks[0], window: blocks[1] } }),
        },
      )
      assert.equal(random.left(), 0)
      assertClose(found.atLeast, expected.atLeast)
      assertClose(found.estimate, expected.estimate)
      found.columns.forEach((bound, i) => assertClose(bound, expected.columns[i]))
      assert.equal(found.columns.length, expected.columns.length)
    })
  }

  it('is calibrated on 199 draws unless told otherwise', () => {
    const random = createRandom(1)
    let drawn = 0
    const counted = { ...random, integer: (bound: number) => (drawn++, random.integer(bound)) }
    const rows = (count: number) => new Float32Array(count).map(() => random.normal())
    const reference = prepareOmnibusReference(rows(30), 1)
    estimateChangedShare(reference, rows(7), { columns: [0], random: counted })
    assert.equal(drawn, 199 * 7)
  })
})
