import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classOutputs } from '../../src/judging/class-outputs.ts'
import { NO_LABEL } from '../../src/judging/reference-labels.ts'
import { createShiftJudge, type ShiftReference } from '../../src/judging/shift-kind.ts'
import { askWithLabels, learnFromLabels } from '../../src/judging/shift-with-labels.ts'
import { askWithoutLabels } from '../../src/judging/shift-without-labels.ts'
import { testedGroups } from '../../src/judging/window-test.ts'
import { holm, labelShiftTest, prepareOmnibusReference } from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

const columns = [
  { name: 'brightness', group: 'property', title: 'Brightness' },
  { name: 'predicted-class', group: 'prediction', title: 'Predicted class' },
] as const

const manifest = { seed: 9, columns, features: ['property', 'prediction'] } as const

/** Images of two classes, as bright as their class says; what is predicted is right. */
function images(dark: number, bright: number, { seed = 1, shift = 0 } = {}): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: 2 * (dark + bright) }, (_, i) => {
    const label = i >> 1 < dark ? 0 : 1
    return i % 2 === 1 ? label : label + random.normal() + shift
  })
}

const rows = images(80, 80)
const reference = prepareOmnibusReference(rows, 2)
const labels = Uint16Array.from({ length: 160 }, (_, row) => (row < 80 ? 0 : 1))
const options = { level: 0.05, seed: 4 }

const judgeOf = (change: Partial<ShiftReference> = {}) => {
  const judge = createShiftJudge({ manifest, reference, labels, ...change })
  assert.ok(judge !== null)
  return judge
}

describe('a judge of the kind of shift', () => {
  it('is none without predicted classes that count', () => {
    const memory = { ...manifest, outputsTrust: 'none' } as const
    assert.equal(createShiftJudge({ manifest: memory, reference }), null)
    const plain = prepareOmnibusReference(Float32Array.of(1, 2, 3), 1)
    const without = { ...manifest, columns: columns.slice(0, 1) }
    assert.equal(createShiftJudge({ manifest: without, reference: plain }), null)
    const stated = { ...manifest, outputsTrust: 'stated' } as const
    assert.notEqual(createShiftJudge({ manifest: stated, reference }), null)
  })

  it('can’t tell where the reference shows one class only, or nothing else is tested', () => {
    const nothing = {
      kind: 'unclear',
      priorPValue: 1,
      appearancePValue: null,
      because: { code: 'one-class-predicted' },
    }
    const one = judgeOf({ reference: prepareOmnibusReference(images(160, 0), 2) })
    assert.deepEqual(one(images(20, 0), options), nothing)
    const classes = judgeOf({ manifest: { ...manifest, features: ['prediction'] } })
    assert.deepEqual(classes(images(20, 0), options), nothing)
  })

  it('names what changed', () => {
    const kindOf = (window: Float32Array) => judgeOf()(window, options).kind
    assert.equal(kindOf(images(55, 5, { seed: 2 })), 'prior')
    assert.equal(kindOf(images(30, 30, { seed: 2, shift: 2 })), 'appearance')
    assert.equal(kindOf(images(55, 5, { seed: 2, shift: 2 })), 'mixed')
    assert.deepEqual(judgeOf()(images(30, 30, { seed: 2 }), options), {
      ...judgeOf()(images(30, 30, { seed: 2 }), options),
      kind: 'unclear',
      because: { code: 'neither-sure' },
    })
  })

  it('asks of the mix, and of the look by labels, and adjusts by Holm', () => {
    const window = images(30, 12, { seed: 3, shift: 0.4 })
    const found = judgeOf()(window, options)
    const outputs = classOutputs(columns, rows)
    const windowOutputs = classOutputs(columns, window)
    assert.ok(outputs && windowOutputs)
    const groups = testedGroups({ ...manifest, features: ['property'] })
    const knowledge = learnFromLabels(reference, { groups, codes: labels, outputs, seed: 9 })
    assert.ok(!('code' in knowledge))
    const question = { groups, window, windowOutputs, permutations: 999, level: 0.05, seed: 5 }
    const look = askWithLabels(knowledge, question)
    const mix = labelShiftTest(outputs.predicted, windowOutputs.predicted, {
      permutations: 999,
      random: createRandom(4),
    })
    assert.ok('pValue' in look)
    const [priorPValue, appearancePValue] = holm([mix, look.pValue])
    assert.deepEqual([found.priorPValue, found.appearancePValue], [priorPValue, appearancePValue])
  })

  it('asks within predicted classes without labels, or with too few', () => {
    const window = images(20, 20, { seed: 3 })
    const outputs = classOutputs(columns, rows)
    const windowOutputs = classOutputs(columns, window)
    assert.ok(outputs && windowOutputs)
    const groups = testedGroups({ ...manifest, features: ['property'] })
    const question = { groups, window, windowOutputs, permutations: 999, level: 0.05, seed: 5 }
    const look = askWithoutLabels(reference, outputs, question)
    assert.ok('pValue' in look)
    const mix = labelShiftTest(outputs.predicted, windowOutputs.predicted, {
      permutations: 999,
      random: createRandom(4),
    })
    const expected = holm([mix, look.pValue])
    for (const known of [undefined, new Uint16Array(160).fill(NO_LABEL)]) {
      const { priorPValue, appearancePValue } = judgeOf({ labels: known })(window, options)
      assert.deepEqual([priorPValue, appearancePValue], expected)
    }
  })

  it('says why the look is not known, and gives the chance of the mix as it is', () => {
    const window = images(55, 5, { seed: 2, shift: 3 })
    const { kind, because, appearancePValue, priorPValue } = judgeOf({ labels: undefined })(
      window,
      options,
    )
    assert.deepEqual([kind, appearancePValue], ['unclear', null])
    assert.deepEqual(because, { code: 'errors-unknown' })
    assert.equal(priorPValue, 1 / 1000)
  })

  it('does not ask at levels below a thousandth, where draws would have no end', () => {
    const window = images(55, 5, { seed: 2 })
    const lowest = judgeOf({ labels: undefined })(window, { level: 0.001, seed: 4 })
    assert.equal(lowest.kind, 'prior')
    assert.deepEqual(judgeOf({ labels: undefined })(window, { level: 1e-6, seed: 4 }), lowest)
  })

  it('exchanges whole blocks where both sides have them', () => {
    const blocks = Uint32Array.from({ length: 160 }, (_, row) => row >> 3)
    const window = images(40, 8, { seed: 2 })
    const own = Uint32Array.from({ length: 48 }, (_, row) => row >> 3)
    const blocked = judgeOf({ blocks })(window, { ...options, blocks: own })
    const mix = labelShiftTest(
      labels,
      Array.from({ length: 48 }, (_, row) => (row < 40 ? 0 : 1)),
      { random: createRandom(4), blocks: { reference: blocks, window: own } },
    )
    assert.ok(mix > 0.05)
    assert.ok(blocked.priorPValue >= mix)
    // A reference that is compared in part has the blocks of that part.
    const longer = Uint32Array.from([...blocks, 99, 99])
    assert.deepEqual(judgeOf({ blocks: longer })(window, { ...options, blocks: own }), blocked)
    assert.ok(judgeOf({ blocks })(window, options).priorPValue < 0.05)
  })
})
