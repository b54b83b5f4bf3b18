import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { askWithoutLabels } from '../../src/judging/shift-without-labels.ts'
import { omnibusExact, prepareOmnibusReference } from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

type Batch = {
  /** Images of each of two classes. */
  readonly counts: readonly [number, number]
  /** Added to every feature; 100 leaves nothing in common with the reference. */
  readonly shift?: number
  /** How sure the classifier says it is; nothing is said when left out. */
  readonly sureness?: number
  readonly columns?: number
  readonly blockSize?: number
}

/** Features that are normal in both classes, and what a classifier said. */
function batch({ counts, shift = 0, sureness, columns = 1, blockSize }: Batch, seed: number) {
  const random = createRandom(seed)
  const predicted = Uint32Array.from({ length: counts[0] + counts[1] }, (_, row) =>
    row < counts[0] ? 0 : 1,
  )
  const values = Float32Array.from(
    { length: predicted.length * columns },
    () => random.normal() + shift,
  )
  const probabilities =
    sureness === undefined
      ? null
      : {
          width: 2,
          values: Float32Array.from(
            [...predicted].flatMap((one) =>
              one === 0 ? [sureness, 1 - sureness] : [1 - sureness, sureness],
            ),
          ),
        }
  const blocks =
    blockSize === undefined ? undefined : predicted.map((_, row) => Math.floor(row / blockSize))
  return { values, blocks, outputs: { predicted, probabilities } }
}

function ask(reference: Batch, window: Batch, level = 0.05) {
  const columns = reference.columns ?? 1
  const [known, own] = [batch(reference, 1), batch({ ...window, columns }, 2)]
  const prepared = prepareOmnibusReference(known.values, columns)
  const groups = [
    { name: 'property', columns: Array.from({ length: columns }, (_, i) => i), kind: 'rank' },
  ] as const
  const answer = askWithoutLabels(prepared, known.outputs, {
    groups,
    window: own.values,
    windowOutputs: own.outputs,
    windowBlocks: own.blocks,
    referenceBlocks: known.blocks,
    permutations: 199,
    level,
    seed: 3,
  })
  const strata = { reference: known.outputs.predicted, window: own.outputs.predicted }
  const { pValue } = omnibusExact(prepared, own.values, groups, {
    permutations: 199,
    random: createRandom(3),
    strata,
    blocks: known.blocks && own.blocks && { reference: known.blocks, window: own.blocks },
  })
  return { answer, pValue }
}

const ERRORS = {
  unknown: { code: 'errors-unknown' },
}

/** Whether a batch that has nothing in common with the reference is known to look different. */
function isKnown(reference: Batch, window: Batch, level?: number): boolean {
  const sure = { sureness: 1, ...reference }
  const { answer, pValue } = ask(sure, { shift: 100, ...window }, level)
  assert.ok(pValue <= (level ?? 0.05))
  if ('unknown' in answer) assert.deepEqual(answer, ERRORS)
  else assert.deepEqual(answer, { pValue })
  return 'pValue' in answer
}

describe('the look of images within predicted classes', () => {
  const even = { counts: [50, 50] } as const

  it('may be another where p is the level exactly', () => {
    const { pValue } = ask(even, { counts: [5, 20] })
    assert.deepEqual(ask(even, { counts: [5, 20] }, pValue).answer, ERRORS)
    assert.deepEqual(ask(even, { counts: [5, 20] }, pValue - 1e-9).answer, { pValue })
  })

  it('is tested by exchanges within the classes, and within blocks', () => {
    const same = ask(even, { counts: [5, 20] })
    assert.ok(same.pValue > 0.05)
    assert.deepEqual(same.answer, { pValue: same.pValue })
    const blocked = ask({ ...even, blockSize: 5 }, { counts: [5, 20], blockSize: 5 })
    assert.notEqual(blocked.pValue, same.pValue)
    assert.deepEqual(blocked.answer, { pValue: blocked.pValue })
    // Blocks of one side are none.
    for (const sides of [
      [5, undefined],
      [undefined, 5],
    ]) {
      const [known, own] = sides.map((blockSize) => (blockSize === undefined ? {} : { blockSize }))
      const half = ask({ ...even, ...known }, { counts: [5, 20], ...own })
      assert.deepEqual(half.answer, { pValue: same.pValue })
    }
  })

  it('is not known to differ where the classifier says nothing of its errors', () => {
    assert.deepEqual(ask(even, { counts: [20, 20], shift: 100 }).answer, ERRORS)
    assert.equal(isKnown(even, { counts: [20, 20] }), true)
  })

  it('differs where the largest gap is beyond chance, by rows', () => {
    // √(ln(2 / 0.05) / 2) · (1/√n + 1/√50) is 1.15 for two images, 0.98 for three.
    assert.equal(isKnown(even, { counts: [2, 0] }), false)
    assert.equal(isKnown(even, { counts: [3, 0] }), true)
    // At a level of 0.01, 1.63 times that sum: 1.05 for four, 0.96 for five.
    assert.equal(isKnown(even, { counts: [4, 0] }, 0.01), false)
    assert.equal(isKnown(even, { counts: [5, 0] }, 0.01), true)
  })

  it('differs by more where more features are looked at', () => {
    // √(ln(20 / 0.05) / 2) is 1.73: 1.11 for four images, 0.95 for six.
    assert.equal(isKnown({ ...even, columns: 10 }, { counts: [4, 0] }), false)
    assert.equal(isKnown({ ...even, columns: 10 }, { counts: [6, 0] }), true)
  })

  it('counts the reference by the rows that stand for the batch’s mix', () => {
    // Eight rows are of that class: 1.36 · (1/√5 + 1/√8) is 1.09, for nine images 0.93.
    assert.equal(isKnown({ counts: [8, 92] }, { counts: [5, 0] }), false)
    assert.equal(isKnown({ counts: [8, 92] }, { counts: [9, 0] }), true)
  })

  it('counts blocks where there are any', () => {
    const reference = { ...even, blockSize: 1 }
    assert.equal(isKnown(reference, { counts: [12, 0], blockSize: 6 }), false)
    assert.equal(isKnown(reference, { counts: [12, 0], blockSize: 3 }), true)
    // Five blocks of the reference: 1.358 · (1/√9 + 1/√5) is 1.06.
    assert.equal(
      isKnown({ counts: [100, 100], blockSize: 40 }, { counts: [9, 0], blockSize: 1 }),
      false,
    )
  })

  it('differs by more than twice what the classifier says that it errs', () => {
    const many = { counts: [400, 400] } as const
    // Chance is 1.358 · (1/√100 + 1/√400) = 0.2; the errors of class 0 are gone from the batch.
    assert.equal(isKnown({ ...many, sureness: 0.65 }, { counts: [100, 0] }), true)
    assert.equal(isKnown({ ...many, sureness: 0.58 }, { counts: [100, 0] }), false)
  })
})
