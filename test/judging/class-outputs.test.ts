import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classOutputs, outputTable, pickRows } from '../../src/judging/class-outputs.ts'
import type { FeatureColumn, FeatureGroup } from '../../src/measuring/values/index.ts'

const column = (name: string, group: FeatureGroup): FeatureColumn => ({ name, group, title: name })

const columns = [
  column('brightness', 'property'),
  column('logit-0', 'classifier'),
  column('predicted-class', 'prediction'),
  column('logit-1', 'classifier'),
  column('logit-1-spread', 'classifier'),
]

const near = (found: Iterable<number>, expected: readonly number[]): void =>
  assert.deepEqual(
    [...found].map((value) => Math.round(1e5 * value)),
    expected.map((value) => Math.round(1e5 * value)),
  )

describe('what a classifier said', () => {
  const values = Float32Array.of(9, 0, 1, Math.log(3), 8, 7, 1001, 0, 1000, 6)

  it('is read from its columns: predicted classes, and the softmax of its evidence', () => {
    const outputs = classOutputs(columns, values)
    assert.deepEqual([...(outputs?.predicted ?? [])], [1, 0])
    assert.equal(outputs?.probabilities?.width, 2)
    const e = Math.E
    near(outputs?.probabilities?.values ?? [], [1 / 4, 3 / 4, e / (1 + e), 1 / (1 + e)])
  })

  it('is sure of the larger where two are as far apart as numbers go', () => {
    const far = Float32Array.of(9, -1e30, 1, 1e30, 8)
    near(classOutputs(columns, far)?.probabilities?.values ?? [], [0, 1])
  })

  it('takes log-probabilities for what they are', () => {
    const named = columns.map(({ name, ...rest }) => ({
      ...rest,
      name: name.replace(/^logit-(?<class>\d)$/, 'log-probability-$<class>'),
    }))
    const shares = Float32Array.of(0, Math.log(0.2), 0, Math.log(0.8), 0)
    near(classOutputs(named, shares)?.probabilities?.values ?? [], [0.2, 0.8])
  })

  it('is nothing without a predicted class, and no probabilities without evidence', () => {
    assert.equal(classOutputs(columns.slice(0, 2), Float32Array.of(1, 2)), null)
    const outputs = classOutputs([columns[2]], Float32Array.of(3, 4))
    assert.deepEqual(outputs, { predicted: Uint32Array.of(3, 4), probabilities: null })
  })

  it('becomes a table of zeros and ones, beside the probabilities', () => {
    const outputs = classOutputs(columns, values)
    assert.ok(outputs)
    const { width, values: table } = outputTable(outputs, 2)
    const e = Math.E
    assert.equal(width, 4)
    near(table, [0, 1, 1 / 4, 3 / 4, 1, 0, e / (1 + e), 1 / (1 + e)])
  })

  it('has no column for a class that the reference never showed', () => {
    const outputs = { predicted: Uint32Array.of(0, 2, 1), probabilities: null }
    assert.deepEqual(outputTable(outputs, 2), {
      width: 2,
      values: Float32Array.of(1, 0, 0, 0, 0, 1),
    })
    const probabilities = { width: 1, values: Float32Array.of(0.5, 0.25, 0.125) }
    assert.deepEqual(outputTable({ ...outputs, probabilities }, 1), {
      width: 2,
      values: Float32Array.of(1, 0.5, 0, 0.25, 0, 0.125),
    })
  })

  it('is picked row by row, in the order asked for', () => {
    const outputs = {
      predicted: Uint32Array.of(5, 6, 7),
      probabilities: { width: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) },
    }
    const rows = Uint32Array.of(2, 0)
    assert.deepEqual(pickRows(outputs, rows), {
      predicted: Uint32Array.of(7, 5),
      probabilities: { width: 2, values: Float32Array.of(5, 6, 1, 2) },
    })
    assert.equal(pickRows({ ...outputs, probabilities: null }, rows).probabilities, null)
  })
})
