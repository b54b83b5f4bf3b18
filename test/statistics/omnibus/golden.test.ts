import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  omnibusExact,
  type OmnibusGroup,
  type OmnibusResult,
  prepareFastOmnibus,
  prepareOmnibusReference,
  screenWindow,
} from '../../../src/statistics/index.ts'
import { assertClose } from '../golden.ts'
import { givenDraws } from '../given-draws.ts'

type Row = readonly number[]

type Case = Pick<OmnibusResult, 'pValue' | 'groups' | 'columns'> & {
  readonly name: string
  readonly reference: Row
  readonly window: Row
  /** What the test is to draw, in its order. */
  readonly integers: Row
}

type Labels = readonly [reference: Row, window: Row] | null

type ExactCase = Case & {
  readonly permutations: number
  readonly blocks: Labels
  readonly strata: Labels
}

/** Made by test/golden/omnibus.py. */
const golden = JSON.parse(
  readFileSync(new URL('../../golden/omnibus.json', import.meta.url), 'utf8'),
) as {
  readonly groups: readonly OmnibusGroup[]
  readonly exact: readonly ExactCase[]
  readonly fast: readonly (Case & { readonly draws: number })[]
}

const COLUMNS = 7

function assertSame(result: OmnibusResult, expected: Case): void {
  assert.equal(result.pValue, expected.pValue)
  assert.deepEqual(result.groups, expected.groups)
  const numbers = ({ column, pValue, adjustedPValue }: OmnibusResult['columns'][number]) => ({
    column,
    pValue,
    adjustedPValue,
  })
  assert.deepEqual(result.columns.map(numbers), expected.columns.map(numbers))
  result.columns.forEach(({ statistic }, i) =>
    assertClose(statistic, expected.columns[i].statistic, 2e-5),
  )
}

const named = (labels: Labels) =>
  labels === null ? undefined : { reference: labels[0], window: labels[1] }

for (const expected of golden.exact) {
  test(`exact mode is what the formulas say, draw for draw: ${expected.name}`, () => {
    const random = givenDraws(expected.integers)
    const result = omnibusExact(
      prepareOmnibusReference(Float32Array.from(expected.reference), COLUMNS),
      Float32Array.from(expected.window),
      golden.groups,
      {
        permutations: expected.permutations,
        random,
        blocks: named(expected.blocks),
        strata: named(expected.strata),
      },
    )
    assert.equal(random.left(), 0)
    assert.deepEqual([result.mode, result.draws], ['exact', expected.permutations])
    assertSame(result, expected)
  })
}

for (const expected of golden.fast) {
  test(`the screen is what the formulas say, draw for draw: ${expected.name}`, () => {
    const random = givenDraws(expected.integers)
    const reference = prepareOmnibusReference(Float32Array.from(expected.reference), COLUMNS)
    const sizes = [expected.window.length / COLUMNS]
    const { draws } = expected
    const prepared = prepareFastOmnibus(reference, golden.groups, { sizes, draws, random })
    assert.equal(random.left(), 0)
    const result = screenWindow(prepared, Float32Array.from(expected.window))
    assert.deepEqual([result.mode, result.draws], ['fast', draws])
    assertSame(result, expected)
  })
}
