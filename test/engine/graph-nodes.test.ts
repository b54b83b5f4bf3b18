import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Node, ops, topologicalOrder } from '../../src/engine/graph/index.ts'
import { FREE } from '../../src/engine/index.ts'

const x = ops.input('x', [2, 3])
const image = ops.input('image', [2, 4, 6, 5])

describe('nodes', () => {
  it('are frozen all the way, and copy what they were given', () => {
    const shape = [2, 3]
    const node = ops.reshape(ops.input('x', shape), [3, 2])
    shape[0] = 9
    assert.deepEqual(node.inputs[0].shape, [2, 3])
    for (const part of [node, node.inputs, node.attributes, node.shape])
      assert.ok(Object.isFrozen(part))
  })

  it('come in an order that puts every node after its inputs, once', () => {
    const shared = ops.exp(x)
    const out = ops.add(ops.mul(shared, shared), ops.neg(shared))
    const order = topologicalOrder([out, shared])
    assert.equal(new Set(order).size, order.length)
    order.forEach((node, i) => {
      for (const input of node.inputs) assert.ok(order.indexOf(input) < i)
    })
  })

  it('may be as deep as memory allows', () => {
    let deep: Node = x
    for (let i = 0; i < 50_000; i++) deep = ops.neg(deep)
    assert.equal(topologicalOrder([deep]).length, 50_001)
  })

  it('state their shapes: broadcasting, strides, pools, slices and products', () => {
    const shapes: [Node, number[]][] = [
      [ops.add(x, ops.input('y', [4, 1, 3])), [4, 2, 3]],
      [
        ops.convolution(image, ops.input('w', [7, 4, 3, 2]), { stride: 2, padding: 1 }),
        [2, 7, 3, 3],
      ],
      [
        ops.convolutionTranspose(image, ops.input('w', [4, 7, 4, 4]), { stride: 2, padding: 1 }),
        [2, 7, 12, 10],
      ],
      [ops.maxPool(image, 2), [2, 4, 3, 2]],
      [
        ops.slice(image, { axes: [3, 2], starts: [1, 0], ends: [5, 6], steps: [3, 1] }),
        [2, 4, 6, 2],
      ],
      [ops.matMul(x, ops.input('m', [5, 4, 3]), { transposeB: true }), [5, 2, 4]],
      [ops.reduceMax(image, [-1, 0]), [4, 6]],
      [ops.reduceSum(image, [1], true), [2, 1, 6, 5]],
      [ops.pad(x, [0, -1], [2, 0]), [4, 2]],
      [ops.upsampleNearest(image, 3), [2, 4, 18, 15]],
    ]
    for (const [node, shape] of shapes) assert.deepEqual(node.shape, shape)
  })

  it('leave out what would change nothing', () => {
    assert.equal(ops.reshape(x, [2, 3]), x)
    assert.equal(ops.expand(x, [2, 3]), x)
    assert.equal(ops.pad(x, [0, 0], [0, 0]), x)
    assert.equal(ops.slice(x, { axes: [0, 1], starts: [0, 0], ends: [2, 3] }), x)
    assert.equal(ops.concat([x], 0), x)
    assert.equal(ops.reduceSum(x, []), x)
  })

  const refused: Readonly<Record<string, [() => Node, RegExp]>> = {
    'shapes that do not broadcast': [
      () => ops.add(x, ops.input('y', [2, 4])),
      /\[2, 3\] and \[2, 4\]/,
    ],
    'a reshape of another size': [() => ops.reshape(x, [5]), /equal size, got \[2, 3\] to \[5\]/],
    'matrices whose inner axes differ': [() => ops.matMul(x, x), /matching inner axes/],
    'a product of vectors': [() => ops.matMul(ops.vector([1]), x), /two axes or more/],
    'kernels for other channels': [
      () => ops.convolution(image, ops.input('w', [1, 3, 3, 3])),
      /expected 3 channels, got 4/,
    ],
    'transposed kernels for other channels': [
      () => ops.convolutionTranspose(image, ops.input('w', [3, 1, 3, 3])),
      /expected 3 channels, got 4/,
    ],
    'images smaller than the kernel': [
      () => ops.convolution(image, ops.input('w', [1, 4, 7, 7])),
      /at least 7×7, got 6×5/,
    ],
    'images smaller than a pool': [() => ops.maxPool(image, 6), /at least 6×6, got 6×5/],
    'a slice beyond the end': [
      () => ops.slice(x, { axes: [1], starts: [1], ends: [4] }),
      /within 0\.\.3, got 1\.\.4/,
    ],
    'an empty slice': [() => ops.slice(x, { axes: [1], starts: [2], ends: [2] }), /got 2\.\.2/],
    'a backward step': [
      () => ops.slice(x, { axes: [1], starts: [0], ends: [3], steps: [-1] }),
      /by -1/,
    ],
    'an axis that is not there': [() => ops.reduceSum(x, [2]), /axis within ±2, got 2/],
    'parts that differ beside the joined axis': [
      () => ops.concat([x, ops.input('y', [3, 3])], 1),
      /equal axes beside 1/,
    ],
    'a pad that leaves nothing': [
      () => ops.pad(x, [0, -3], [0, 0]),
      /expected an axis to pad, got 3 by -3/,
    ],
    'a slice of a free axis': [
      () => ops.slice(ops.input('n', [FREE, 2]), { axes: [0], starts: [0], ends: [1] }),
      /got 0\.\.1/,
    ],
  }
  for (const [name, [make, message]] of Object.entries(refused)) {
    it(`refuse ${name} where the graph is built`, () =>
      assert.throws(make, { name: 'RangeError', message }))
  }
})
