import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  classifierTable,
  createPrecomputedOutputs,
  loadPrecomputedOutputs,
  measureRows,
} from '../../src/representations/index.ts'
import { tensor } from '../../src/tensor/index.ts'

const logits = tensor([2, 3], Float32Array.of(1, 2, 3, 4, 0, -1))
const probabilities = tensor([2, 3], Float32Array.of(0.2, 0.5, 0.3, 1, 0, 0))

describe('outputs given beside the images', () => {
  for (const [kind, outputs] of Object.entries({ logits, probabilities } as const)) {
    it(`have the features of a classifier’s own ${kind}`, async () => {
      const precomputed = createPrecomputedOutputs({
        kind: kind as 'logits' | 'probabilities',
        length: 3,
      })
      const table = classifierTable(outputs)
      assert.deepEqual(precomputed.columns, table.columns)
      assert.deepEqual(await measureRows(precomputed, { [kind]: outputs }), table.values)
      assert.equal(precomputed.columns.at(-1)?.group, 'prediction')
    })
  }

  it('are of the kind they are said to be, whatever they look like', async () => {
    const precomputed = createPrecomputedOutputs({ kind: 'logits', length: 3 })
    assert.deepEqual(
      await measureRows(precomputed, { logits: probabilities }),
      classifierTable(probabilities, { kind: 'logits' }).values,
    )
  })

  it('mean two classes where there is one output', async () => {
    const precomputed = createPrecomputedOutputs({ kind: 'probabilities', length: 1 })
    const probability = tensor([2, 1], Float32Array.of(0.25, 0.75))
    const values = await measureRows(precomputed, { probabilities: probability })
    const predicted = precomputed.columns.length - 1
    assert.deepEqual([values[predicted], values[2 * predicted + 1]], [0, 1])
  })

  it('of another length are refused, and so are settings that are none', async () => {
    const precomputed = createPrecomputedOutputs({ kind: 'logits', length: 4 })
    await assert.rejects(measureRows(precomputed, { logits }), RangeError)
    const text = new TextEncoder().encode('{"kind":"scores","length":3}')
    assert.throws(() => loadPrecomputedOutputs(new Map([['given-outputs.json', text]])), {
      code: 'artifact.corrupt',
      message: /logits or probabilities .* got scores/,
    })
    assert.throws(() => loadPrecomputedOutputs(new Map()), { code: 'artifact.corrupt' })
  })
})
