import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DrawOptions, drawWindow } from '../../../evaluation/window/draws.ts'
import { GRID_NAMES, GRIDS, type Shift } from '../../../evaluation/window/grids.ts'
import type { Material } from '../../../evaluation/window/subject.ts'
import { rowCount, type View } from '../../../evaluation/window/view.ts'

const IMAGES = 1000
// Columns: the row, and whether it is affected.
const view = (affected: number): View => ({
  width: 2,
  values: Float32Array.from({ length: 2 * IMAGES }, (_, i) => (i % 2 === 0 ? i / 2 : affected)),
})
const material: Material = { reference: view(-1), test: view(0), changed: view(1) }
const labels = Uint8Array.from({ length: IMAGES }, (_, row) => row % 10)

function draw(shift: Partial<Shift>, options: Partial<DrawOptions> = {}) {
  const named = { name: 'shift', change: 'adversarial' as const, ...shift }
  const all = { delta: 0.1, protocol: 'same-size' as const, size: 100, index: 0, seed: 0 }
  return drawWindow(material, labels, { shift: named, ...all, ...options })
}

const column = ({ width, values }: View, k: number): number[] =>
  Array.from({ length: values.length / width }, (_, row) => values[row * width + k])

const classes = (window: View): number[] => column(window, 0).map((row) => labels[row])

test('the same cell draws the same window, another index another one', () => {
  assert.deepEqual(draw({}).window, draw({}).window)
  assert.notDeepEqual(draw({}).window, draw({}, { index: 1 }).window)
})

test('exactly the stated share of the test images is affected', () => {
  const { window } = draw({}, { size: IMAGES, delta: 0.1 })
  assert.equal(
    column(window, 1).reduce((sum, one) => sum + one),
    0.1 * IMAGES,
  )
})

test('which images are affected does not depend on the draw', () => {
  const affected = (index: number): Set<number> => {
    const { window } = draw({}, { size: 500, index })
    const flags = column(window, 1)
    return new Set(column(window, 0).filter((_, i) => flags[i] === 1))
  }
  const unaffected = (index: number): number[] => {
    const { window } = draw({}, { size: 500, index })
    const flags = column(window, 1)
    return column(window, 0).filter((_, i) => flags[i] === 0)
  }
  const first = affected(0)
  assert.ok(unaffected(1).every((row) => !first.has(row)))
})

test('a knock-out leaves out the stated share of class 0', () => {
  const { window } = draw({ change: 'none', knockOut: () => 0.5 }, { size: IMAGES })
  assert.equal(classes(window).filter((label) => label === 0).length, 50)
  assert.equal(rowCount(window), IMAGES - 50)
})

test('a shift to some classes keeps only these', () => {
  const { window } = draw({ change: 'none', classes: [3, 5] })
  assert.deepEqual(
    [...new Set(classes(window))].toSorted((a, b) => a - b),
    [3, 5],
  )
})

test('the reference is as large as the window, or all there is', () => {
  assert.equal(rowCount(draw({}).reference), 100)
  assert.equal(rowCount(draw({}, { protocol: 'fixed-reference' }).reference), IMAGES)
})

test('the rows of a grid have names of their own, and averages name rows', () => {
  for (const name of GRID_NAMES) {
    const { shifts, averages = {} } = GRIDS[name]
    const names = shifts.map((shift) => shift.name)
    assert.equal(new Set(names).size, names.length, name)
    assert.ok(
      Object.values(averages)
        .flat()
        .every((row) => names.includes(row)),
      name,
    )
  }
})
