import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ops, shareEqual, topologicalOrder } from '../../src/engine/graph/index.ts'

describe('sharing of equal computations', () => {
  it('makes one node of equal ones and keeps one of them', () => {
    const x = ops.input('x', [2, 3])
    const [a, b] = [ops.exp(ops.neg(x)), ops.exp(ops.neg(x))]
    const [sum] = shareEqual([ops.add(a, b)])
    assert.equal(sum.inputs[0], sum.inputs[1])
    assert.ok([a, b].includes(sum.inputs[0]))
  })

  it('tells settings, constants and inputs apart', () => {
    const [x, y] = [ops.input('x', [4]), ops.input('y', [4])]
    const rolled = (value: typeof x, start: number) =>
      ops.slice(value, { axes: [0], starts: [start], ends: [start + 2] })
    const all = [
      rolled(x, 0),
      rolled(x, 1),
      rolled(y, 0),
      ops.mul(x, ops.constant(2)),
      ops.mul(x, ops.constant(3)),
    ]
    assert.deepEqual(shareEqual(all), all)
    assert.equal(new Set(shareEqual(all)).size, all.length)
  })

  it('shares equal small constants, and large ones only by identity', () => {
    const x = ops.input('x', [32])
    const large = () => ops.constant({ shape: [32], data: new Float32Array(32) })
    const [scaled, again] = shareEqual([ops.mul(x, ops.constant(2)), ops.mul(x, ops.constant(2))])
    assert.equal(scaled, again)
    const [first, second] = shareEqual([ops.mul(x, large()), ops.mul(x, large())])
    assert.notEqual(first, second)
  })

  it('leaves a graph without repetition untouched', () => {
    const loss = ops.reduceMean(ops.relu(ops.input('x', [2, 3])))
    assert.deepEqual(topologicalOrder(shareEqual([loss])), topologicalOrder([loss]))
    assert.equal(shareEqual([loss])[0], loss)
  })
})
