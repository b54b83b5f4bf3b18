import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NULL_FAMILIES } from '../../../evaluation/nulls/null-family.ts'
import { study } from '../../../evaluation/studies/fast-nulls.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const context = { threads: 1, log: () => undefined, featuresId: 'none' }

test('every family draws whole rows of finite numbers, the same from the same seed', () => {
  for (const [name, { draw, columnCount, groups, reference, sizes }] of Object.entries(
    NULL_FAMILIES,
  )) {
    const rows = draw(20, createRandom(1))
    assert.equal(rows.length, 20 * columnCount, name)
    assert.ok(rows.every(Number.isFinite), name)
    assert.deepEqual(draw(20, createRandom(1)), rows, name)
    assert.notDeepEqual(draw(20, createRandom(2)), rows, name)
    assert.deepEqual(
      groups.flatMap(({ columns }) => columns),
      Array.from({ length: columnCount }, (_, column) => column),
      name,
    )
    assert.ok(
      sizes.every((size) => size <= reference / 2),
      `${name}: more than prepared sizes may be`,
    )
  }
})

test('the rare classes hold some that a reference has never shown', () => {
  const { draw } = NULL_FAMILIES['many rare classes']
  const random = createRandom(3)
  const known = new Set(draw(300, random))
  assert.ok(draw(300, random).some((code) => !known.has(code)))
})

test('the study counts alarms of what is decided and of the screen alone, level by level', async () => {
  const cells = study.cells({ references: 2, families: ['nearly constant columns'] })
  assert.equal(cells.length, 3)
  const outcomes = await Promise.all(
    cells.map(async (cell) => ({ cell, result: await study.run(cell, context) })),
  )
  const options = { references: 2, families: ['nearly constant columns'] }
  const summary = study.summarise(outcomes, options) as {
    readonly moved: { readonly alarms: number; readonly missed: number }
    readonly rows: readonly {
      readonly exact: number
      readonly levels: readonly { readonly level: number; readonly batches: number }[]
    }[]
  }
  assert.ok(summary.moved.missed <= summary.moved.alarms && summary.moved.alarms <= 6)
  for (const { exact, levels } of summary.rows) {
    assert.ok(exact >= 0 && exact <= 1)
    assert.deepEqual(
      levels.map(({ level, batches }) => [level, batches]),
      [
        [0.001, 20],
        [0.01, 20],
        [0.05, 20],
      ],
    )
  }
})
