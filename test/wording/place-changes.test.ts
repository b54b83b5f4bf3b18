import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PlaceEvidence } from '../../src/verdict/index.ts'
import { placeChangeOf } from '../../src/wording/place-changes.ts'

const ROWS = 6
const COLUMNS = 9

function evidence(
  cells: Readonly<Record<number, number>>,
  own: Partial<PlaceEvidence> = {},
): PlaceEvidence {
  return {
    name: 'specks',
    title: 'brightness against the pixels around it',
    rows: ROWS,
    columns: COLUMNS,
    statistic: 5,
    pValue: 0.001,
    adjustedPValue: 0.001,
    differences: Array.from({ length: ROWS * COLUMNS }, (_, i) => cells[i] ?? 0.1),
    ...own,
  }
}

const cell = (row: number, column: number): number => row * COLUMNS + column

describe('what is otherwise at a place of the frame', () => {
  it('is named by what the map shows and which way it went', () => {
    const dark = placeChangeOf([evidence({ [cell(0, 8)]: -9 })])
    assert.equal(dark?.predicate, 'have a dark mark at the same place of the frame')
    const bright = placeChangeOf([evidence({ [cell(0, 8)]: 9 })])
    assert.equal(bright?.predicate, 'have a bright mark at the same place of the frame')
    const blurred = placeChangeOf([evidence({ [cell(0, 8)]: -9 }, { name: 'detail' })])
    assert.equal(blurred?.predicate, 'are less sharp at the same place of the frame')
    assert.match(blurred.cause, /a smear, a drop/)
    const unknown = placeChangeOf([evidence({ [cell(0, 8)]: -9 }, { name: 'tint-4' })])
    assert.equal(unknown?.predicate, 'have changed at the same place of the frame')
  })

  for (const [row, column, name] of [
    [0, 0, 'upper left, 6% of the width from the left and 8% of the height from the top'],
    [0, 4, 'upper middle, 50% of the width from the left and 8% of the height from the top'],
    [2, 8, 'middle right, 94% of the width from the left and 42% of the height from the top'],
    [3, 4, 'centre, 50% of the width from the left and 58% of the height from the top'],
    [5, 2, 'lower left, 28% of the width from the left and 92% of the height from the top'],
  ] as const) {
    it(`is said where: ${name}`, () => {
      assert.equal(placeChangeOf([evidence({ [cell(row, column)]: 7 })])?.figures, name)
    })
  }

  it('is of the surest map that has anything to show', () => {
    const faint = evidence({ 3: 40 }, { adjustedPValue: 0.06 })
    const sure = evidence({ [cell(5, 8)]: -6 }, { name: 'light', adjustedPValue: 0.05 })
    assert.match(placeChangeOf([faint, sure])?.predicate ?? '', /^are darker/)
    assert.equal(placeChangeOf([faint]), undefined)
    assert.equal(placeChangeOf([]), undefined)
    assert.equal(placeChangeOf(undefined), undefined)
    assert.equal(placeChangeOf([{ ...sure, differences: null }]), undefined)
  })

  it('is no place where half of the frame is otherwise', () => {
    const few = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [i, 5]))
    assert.equal(placeChangeOf([evidence({ ...few, 20: 10 })])?.isLocal, false)
    assert.equal(placeChangeOf([evidence({ ...few, 20: 10.1 })])?.isLocal, true)
    const { 7: _, ...seven } = few
    assert.equal(placeChangeOf([evidence({ ...seven, 20: 10 })])?.isLocal, true)
  })
})
