import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { outputTable } from '../../src/judging/class-outputs.ts'
import { NO_LABEL } from '../../src/judging/reference-labels.ts'
import {
  askWithLabels,
  type LabelKnowledge,
  learnFromLabels,
} from '../../src/judging/shift-with-labels.ts'
import {
  appearanceShiftTest,
  confusionMatrix,
  type OmnibusReference,
  prepareLabelledReference,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import type { UnclearBecause } from '../../src/verdict/index.ts'

const groups = [{ name: 'property', columns: [0], kind: 'rank' }] as const

/** Images as bright as their label says, give or take one. */
function imagesOf(labels: readonly number[], seed: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from(labels, (label) => label + random.normal())
}

const often = (...counts: readonly (readonly [count: number, label: number])[]): number[] =>
  counts.flatMap(([count, label]) => Array.from({ length: count }, () => label))

type Given = {
  readonly predicted?: readonly number[]
  readonly blocks?: Uint32Array
  readonly reference?: OmnibusReference
}

function learn(labels: readonly number[], given: Given = {}): LabelKnowledge | UnclearBecause {
  const predicted = given.predicted ?? labels.map((label) => (label === NO_LABEL ? 0 : label))
  return learnFromLabels(given.reference ?? prepareOmnibusReference(imagesOf(labels, 1), 1), {
    groups,
    codes: Uint16Array.from(labels),
    outputs: { predicted: Uint32Array.from(predicted), probabilities: null },
    blocks: given.blocks,
    seed: 5,
  })
}

/** Label and row of every image that is learned from. */
const learned = (knowledge: LabelKnowledge | UnclearBecause) => {
  assert.ok(!('code' in knowledge))
  const { labels, labelCount } = knowledge.prepared
  assert.equal(labelCount, 1 + Math.max(...labels))
  return { labels: [...labels], rows: [...knowledge.rows] }
}

describe('what labels of the reference tell', () => {
  it('is nothing where fewer than a hundred images have one', () => {
    const some = often([60, 0], [39, 1], [20, NO_LABEL])
    assert.deepEqual(learn(some), { code: 'few-labels' })
    assert.equal(learned(learn(often([60, 0], [40, 1], [20, NO_LABEL]))).rows.length, 100)
  })

  it('is nothing where all have the same', () => {
    assert.deepEqual(learn(often([120, 3])), { code: 'one-label' })
  })

  it('is nothing where there are too many classes to know each', () => {
    const labels = often([60, 0], [60, 1])
    const classes = (most: number) => learn(labels, { predicted: [most, ...labels.slice(1)] })
    assert.deepEqual(classes(128), { code: 'many-classes', classes: 129 })
    assert.ok(!('code' in classes(127)))
    const each = Array.from({ length: 1290 }, (_, i) => i % 129)
    const one = { predicted: each.map(() => 0) }
    assert.deepEqual(learn(each, one), { code: 'many-classes', classes: 129 })
  })

  it('is of labelled images only, numbered in the order of their labels', () => {
    const labels = [...often([1, NO_LABEL], [60, 7], [2, NO_LABEL], [50, 4])]
    const found = learned(learn(labels))
    assert.deepEqual(found.labels, often([60, 1], [50, 0]))
    assert.deepEqual([found.rows[0], found.rows[59], found.rows[60]], [1, 60, 63])
  })

  it('takes labels of fewer than ten images together, where these are ten', () => {
    const rare = learned(learn(often([60, 0], [9, 1], [50, 2], [1, 3], [10, 4])))
    assert.deepEqual(rare.labels, often([60, 0], [9, 3], [50, 1], [1, 3], [10, 2]))
    const few = learned(learn(often([60, 0], [9, 1], [50, 2])))
    assert.deepEqual(few.labels, often([60, 0], [50, 1]))
  })

  it('is of the rows that are compared, where those are fewer', () => {
    const labels = often([60, 0], [60, 1])
    const reference = prepareOmnibusReference(imagesOf(labels.slice(0, 110), 1), 1)
    assert.equal(learned(learn(labels, { reference })).rows.length, 110)
  })

  it('is prepared once, with outputs and blocks of the labelled images', () => {
    const labels = often([60, 0], [10, NO_LABEL], [60, 1])
    const reference = prepareOmnibusReference(imagesOf(labels, 1), 1)
    const blocks = Uint32Array.from(labels, (_, row) => row >> 2)
    const knowledge = learn(labels, { reference, blocks })
    assert.ok(!('code' in knowledge))
    const rows = Uint32Array.from([...labels.keys()].filter((row) => row < 60 || row >= 70))
    const outputs = { predicted: Uint32Array.from(often([60, 0], [60, 1])), probabilities: null }
    assert.equal(knowledge.classes, 2)
    assert.deepEqual(knowledge.outputs, outputs)
    assert.deepEqual(
      knowledge.prepared,
      prepareLabelledReference(reference, groups, {
        rows,
        labels: outputs.predicted,
        labelCount: 2,
        outputs: outputTable(outputs, 2),
        blocks: Uint32Array.from(rows, (row) => blocks[row]),
        random: createRandom(5),
      }),
    )
    assert.equal(learned(learn(labels)).rows.length, 120)
    const alone = learn(labels)
    assert.ok(!('code' in alone) && alone.prepared.blocks === null)
  })
})

describe('the look of images under another mix', () => {
  /** A batch of these labels, all predicted right, shifted in brightness. */
  const ask = (
    knowledge: LabelKnowledge | UnclearBecause,
    labels: readonly number[],
    { predicted = labels, shift = 0, level = 0.05 } = {},
  ) => {
    assert.ok(!('code' in knowledge))
    const window = imagesOf(labels, 2).map((value) => value + shift)
    const windowOutputs = { predicted: Uint32Array.from(predicted), probabilities: null }
    const question = { groups, window, windowOutputs, permutations: 99, level, seed: 6 }
    const answer = askWithLabels(knowledge, {
      ...question,
      windowBlocks: undefined,
      referenceBlocks: undefined,
    })
    const { prepared, outputs } = knowledge
    const direct = appearanceShiftTest(
      prepared,
      {
        values: window,
        predicted: windowOutputs.predicted,
        outputs: outputTable(windowOutputs, knowledge.classes),
      },
      {
        confusion: confusionMatrix(outputs.predicted, prepared.labels, [
          knowledge.classes,
          prepared.labelCount,
        ]),
        permutations: 99,
        random: createRandom(6),
      },
    )
    return { answer, direct }
  }

  it('is tested against the labelled images', () => {
    const known = learn(often([100, 0], [100, 1]))
    const same = ask(known, often([10, 0], [40, 1]))
    assert.deepEqual(same.answer, { pValue: same.direct.pValue })
    const other = ask(known, often([10, 0], [40, 1]), { shift: 2 })
    assert.deepEqual(other.answer, { pValue: 0.01 })
  })

  it('is not known of classes that the reference holds too few images of', () => {
    const held = (count: number) =>
      ask(learn(often([150, 0], [count, 1])), often([40, 1]), { shift: 3 })
    assert.deepEqual(held(29).answer, {
      unknown: { code: 'few-of-classes' },
    })
    const enough = held(31)
    assert.ok(enough.direct.effective > 30 && enough.direct.effective < 32)
    assert.ok('pValue' in enough.answer)
  })

  it('is not known where the classifier tells nothing', () => {
    const labels = often([100, 0], [100, 1])
    const blind = learn(labels, { predicted: labels.map(() => 0) })
    assert.ok(!('code' in blind) && blind.classes === 1)
    const { answer } = ask(blind, often([40, 0]))
    assert.deepEqual(answer, { unknown: { code: 'classes-confused' } })
  })

  it('is known as unchanged where the classifier errs less', () => {
    const labels = often([200, 0], [200, 1])
    // Right in 64 of 100 images.
    const erring = (of: readonly number[]) =>
      of.map((label, i) => (i % 25 < 16 ? label : 1 - label))
    const own = often([50, 0], [50, 1])
    const known = learn(labels, { predicted: erring(labels) })
    const { answer, direct } = ask(known, own, { predicted: erring(own) })
    assert.ok(direct.inflation > 2 && direct.inflation < 3, `${direct.inflation}`)
    assert.deepEqual(answer, { pValue: direct.pValue })
  })

  it('is not known as unchanged where the classifier errs too often to see a change', () => {
    const labels = often([200, 0], [200, 1])
    // Right in 56 of 100 images.
    const erring = (of: readonly number[]) =>
      of.map((label, i) => (i % 25 < 14 ? label : 1 - label))
    const known = learn(labels, { predicted: erring(labels) })
    const own = often([50, 0], [50, 1])
    const weak = ask(known, own, { predicted: erring(own) })
    assert.ok(weak.direct.inflation > 3 && (weak.direct.pValue ?? 0) > 0.05)
    assert.deepEqual(weak.answer, {
      unknown: { code: 'classifier-errs' },
    })
    // At the level it is within it.
    const level = weak.direct.pValue ?? 0
    const atLevel = ask(known, own, { predicted: erring(own), level })
    assert.deepEqual(atLevel.answer, { pValue: level })
    const plain = ask(known, own, { predicted: erring(own), shift: 9 })
    assert.ok(plain.direct.inflation > 3)
    assert.deepEqual(plain.answer, { pValue: plain.direct.pValue })
  })
})
