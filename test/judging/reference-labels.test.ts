import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { labelsOf, namesFromLabels, NO_LABEL } from '../../src/judging/reference-labels.ts'

const records = (labels: readonly (string | undefined)[]) =>
  labels.map((label, i) => ({ id: String(i), ...(label !== undefined && { label }) }))

const often = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)

describe('labels of the reference', () => {
  it('are small numbers by name, with a place for images without', () => {
    const labels = labelsOf(records(['dog', undefined, 'cat', 'dog']))
    assert.deepEqual(labels?.names, ['cat', 'dog'])
    assert.deepEqual([...(labels?.codes ?? [])], [1, NO_LABEL, 0, 1])
  })

  it('are numbered by size where they are numbers', () => {
    assert.deepEqual(labelsOf(records(['10', '9', '2']))?.names, ['2', '9', '10'])
  })

  it('are none where images have none, all have the same, or each has its own', () => {
    assert.equal(labelsOf(records([undefined, undefined])), undefined)
    assert.equal(labelsOf(records(['a', 'a', undefined])), undefined)
    const each = (count: number) =>
      labelsOf(records(Array.from({ length: count }, (_, i) => `n${i}`)))
    assert.equal(each(1001), undefined)
    assert.equal(each(1000)?.names.length, 1000)
    assert.equal(each(2)?.names.length, 2)
  })
})

describe('names of predicted classes', () => {
  const labels = labelsOf(records([...often(20, 'cat'), ...often(20, 'dog')]))
  assert.ok(labels !== undefined)

  it('are those of the labels that go with them, in whatever order the classifier has them', () => {
    const predicted = [...often(18, 1), ...often(2, 0), ...often(20, 0)]
    assert.deepEqual(namesFromLabels(predicted, labels, 2), ['dog', 'cat'])
  })

  it('are none where a majority is no clear one, or another class claims the label', () => {
    assert.equal(
      namesFromLabels([...often(11, 1), ...often(9, 0), ...often(20, 0)], labels, 2),
      undefined,
    )
    assert.equal(namesFromLabels(often(40, 1), labels, 2), undefined)
  })

  it('are clear from five images and two standard errors on', () => {
    const named = (right: number, wrong: number) => {
      const predicted = [...often(right, 0), ...often(wrong, 1), ...often(20, 1)]
      const given = labelsOf(records([...often(right + wrong, 'cat'), ...often(20, 'dog')]))
      assert.ok(given !== undefined)
      return namesFromLabels(predicted, given, 2)
    }
    assert.deepEqual(named(5, 0), ['cat', 'dog'])
    assert.equal(named(4, 0), undefined)
    // (14 − 4)² is above 4 · 18, (12 − 4)² is 4 · 16 and no more.
    assert.deepEqual(named(14, 4), ['cat', 'dog'])
    assert.equal(named(12, 4), undefined)
  })

  it('are not spoilt by images without a label, nor by classes beyond those there are', () => {
    const some = { ...labels, codes: Uint16Array.from(labels.codes) }
    some.codes[3] = NO_LABEL
    const predicted = [...often(20, 0), ...often(20, 1)]
    predicted[5] = 2
    predicted[3] = 1
    assert.deepEqual(namesFromLabels(predicted, some, 2), ['cat', 'dog'])
  })

  it('are none where there are other classes than labels', () => {
    assert.equal(namesFromLabels([...often(20, 0), ...often(20, 1)], labels, 3), undefined)
    const three = labelsOf(records([...often(20, 'cat'), ...often(20, 'dog'), 'fox']))
    assert.ok(three !== undefined)
    assert.equal(namesFromLabels([...often(20, 0), ...often(21, 1)], three, 2), undefined)
  })
})
