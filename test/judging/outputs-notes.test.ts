import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { notesOnOutputs, type OutputsEvidence } from '../../src/judging/outputs-notes.ts'
import type { FeatureGroup } from '../../src/measuring/values/index.ts'
import { tellNote } from '../../src/wording/index.ts'

const columns = [
  { name: 'brightness', group: 'property', title: 'Brightness' },
  { name: 'classifier-confidence', group: 'classifier', title: 'Confidence' },
] as const

/** Confidences beside a feature that goes the other way. */
const rows = (...confidences: readonly number[]): Float32Array =>
  Float32Array.from(confidences.flatMap((one) => [1 - one, one]))

const loud = (...groups: readonly FeatureGroup[]) =>
  (['property', 'outlier', 'classifier', 'prediction'] as const).map((group) => ({
    group,
    pValue: groups.includes(group) ? 0.01 : 0.02,
    strongest: '',
  }))

/** Confidences of 0.9 on the held-out images, and of 0.7 in the batch, give or take a tenth. */
const evidence: OutputsEvidence = {
  trust: 'stated',
  columns,
  reference: rows(0.8, 1, 0.8, 1, 0.8, 1),
  window: rows(0.6, 0.8, 0.6, 0.8, 0.6, 0.8),
  groups: loud('classifier'),
  level: 0.01,
  isAlarm: true,
}

const said = (change: Partial<OutputsEvidence>): string =>
  notesOnOutputs({ ...evidence, ...change })
    .map(tellNote)
    .join('\n')

/** Spread of six such values about their mean: variance 0.012, so that the mean errs by √0.002. */
const unsure = (mean: number) => rows(...[-1, 1, -1, 1, -1, 1].map((side) => mean + 0.1 * side))

describe('what is said of a classifier’s outputs', () => {
  it('is that they don’t count where it may have been trained on the reference', () => {
    assert.equal(
      said({ trust: 'none' }),
      'the classifier’s outputs do not count: it may have been trained on the reference images; it is less sure here than on the held-out images (mean confidence 0.900 → 0.700), as a classifier is that was trained on those',
    )
    assert.match(said({ trust: 'none', window: evidence.reference }), /reference images$/)
    assert.match(said({ trust: 'none', columns: [columns[0]] }), /reference images$/)
  })

  it('finds the confidence wherever it stands', () => {
    const turned = {
      columns: columns.toReversed(),
      reference: evidence.reference.toReversed(),
      window: evidence.window.toReversed(),
    }
    assert.match(said({ trust: 'none', ...turned }), /less sure .* 0\.900 → 0\.700/)
  })

  it('names less confidence from three standard errors on', () => {
    // Both means err by √0.002, their difference by √0.004: three times that is 0.19.
    const isNamed = (mean: number) =>
      /less sure/.test(said({ trust: 'none', window: unsure(mean) }))
    assert.equal(isNamed(0.72), false)
    assert.equal(isNamed(0.7), true)
    assert.equal(isNamed(1.2), false)
  })

  it('takes constant confidences for equal, and a single image for nothing', () => {
    const constant = rows(0.9, 0.9)
    assert.match(said({ trust: 'none', reference: constant, window: rows(0.5, 0.5) }), /images$/)
    assert.match(said({ trust: 'none', reference: rows(0.9), window: rows(0.5) }), /images$/)
    assert.match(said({ trust: 'none', window: rows(0.6) }), /less sure/)
  })

  it('rounds no confidence to one', () => {
    const [reference, window] = [rows(0.9996, 0.9998), rows(0.9, 0.901)]
    assert.match(said({ trust: 'none', reference, window }), /\(mean confidence over 0.999 → 0.90/)
    const lower = rows(0.9985, 0.9989)
    assert.match(said({ trust: 'none', reference: lower, window }), /\(mean confidence 0.999 → /)
  })

  it('is a warning where an alarm is of the outputs alone, towards less sure', () => {
    assert.equal(
      said({}),
      'only the classifier’s outputs changed, towards less sure (mean confidence 0.900 → 0.700): if it was trained on the reference images, this is memory and no drift',
    )
    assert.match(said({ groups: loud('classifier', 'prediction') }), /^only/)
    assert.match(said({ groups: loud('prediction') }), /^only/)
  })

  it('is nothing where other groups alarmed too, or none, or it is surer', () => {
    assert.equal(said({ groups: loud('classifier', 'property') }), '')
    assert.equal(said({ groups: loud() }), '')
    assert.equal(said({ groups: loud('property') }), '')
    assert.equal(said({ isAlarm: false }), '')
    assert.equal(said({ window: evidence.reference }), '')
    assert.equal(said({ columns: [columns[0]] }), '')
  })

  it('counts the outlier score among the outputs only where they are said to be unseen', () => {
    const groups = loud('classifier', 'outlier')
    assert.match(said({ groups }), /^only/)
    assert.equal(said({ groups, trust: 'separate-reference' }), '')
    assert.equal(said({ groups: loud('outlier') }), '')
  })
})
