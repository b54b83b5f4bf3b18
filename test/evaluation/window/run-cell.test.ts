import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type WindowCell, runWindowCell } from '../../../evaluation/window/run-cell.ts'

const cell: WindowCell = {
  grid: 'loss-lowering',
  method: 'ours',
  revision: 1,
  protocol: 'fixed-reference',
  shift: 'blank',
  delta: 1,
  seed: 0,
  images: 250,
  draws: [[10, 2]],
}
const context = { threads: 2, featuresId: 'test', log: () => undefined }

test('blank images alarm the window test, with the same p-values each time', async () => {
  const [pValues] = await runWindowCell(cell, context)
  assert.ok(pValues.length === 2 && pValues.every((p) => p <= 0.05))
  assert.deepEqual(await runWindowCell(cell, context), [pValues])
})

test('an unknown method or shift is refused', async () => {
  await assert.rejects(
    runWindowCell({ ...cell, method: 'tarot' }, context),
    /known method, got tarot/,
  )
  await assert.rejects(
    runWindowCell({ ...cell, shift: 'tarot' }, context),
    /shift of loss-lowering, got tarot/,
  )
})
