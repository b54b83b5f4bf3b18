import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Node, ops, topologicalOrder } from '../../src/engine/graph/index.ts'
import { FREE, gradients } from '../../src/engine/index.ts'
import { tensor } from '../../src/tensor/index.ts'
import { evaluate } from './graph-evaluate.ts'

const x = ops.input('x', [4])

async function derivative(loss: Node, values: readonly number[]): Promise<number[]> {
  const [result] = gradients(loss, [x])
  const got = await evaluate({ result }, { x: tensor([4], Float32Array.from(values)) })
  return [...got['result'].data]
}

describe('gradients', () => {
  it('sum over every path from the loss to a target', async () => {
    const loss = ops.reduceSum(ops.add(ops.mul(x, x), ops.mul(x, ops.constant(3))))
    assert.deepEqual(await derivative(loss, [0, 1, -2, 5]), [3, 5, -1, 13])
  })

  it('are zeros for a target the loss does not depend on', async () => {
    const [unused] = gradients(ops.reduceSum(x), [ops.input('y', [2, 2])])
    assert.deepEqual([...(await evaluate({ unused }))['unused'].data], [0, 0, 0, 0])
  })

  it('pass through targets that are inner nodes', async () => {
    const inner = ops.exp(x)
    const [byInner, byX] = gradients(ops.reduceSum(ops.mul(inner, inner)), [inner, x])
    const got = await evaluate({ byInner, byX }, { x: tensor([4], new Float32Array(4)) })
    assert.deepEqual([...got['byInner'].data], [2, 2, 2, 2])
    assert.deepEqual([...got['byX'].data], [2, 2, 2, 2])
  })

  it('are differentiable again', async () => {
    const [first] = gradients(ops.reduceSum(ops.mul(ops.mul(x, x), x)), [x])
    assert.deepEqual(await derivative(ops.reduceSum(first), [1, 2, -1, 0]), [6, 12, -6, 0])
  })

  it('give a tie of max to its first operand, of min as well', async () => {
    const zero = ops.constant(0)
    assert.deepEqual(await derivative(ops.reduceSum(ops.max(x, zero)), [0, 1, -1, 0]), [1, 1, 0, 1])
    assert.deepEqual(await derivative(ops.reduceSum(ops.min(zero, x)), [0, 1, -1, 0]), [0, 0, 1, 0])
  })

  it('share a tie among the largest values equally, in pools and reductions', async () => {
    const pooled = ops.maxPool(ops.reshape(x, [1, 1, 2, 2]), 2)
    assert.deepEqual(
      await derivative(ops.reduceSum(pooled), [7, 7, 1, 7]),
      [1 / 3, 1 / 3, 0, 1 / 3].map(Math.fround),
    )
    assert.deepEqual(await derivative(ops.reduceMax(x), [2, 0, 2, 1]), [0.5, 0, 0.5, 0])
  })

  it('are zero for ReLU at 0', async () => {
    assert.deepEqual(await derivative(ops.reduceSum(ops.relu(x)), [0, 1, -1, 0]), [0, 1, 0, 0])
  })

  it('add what was moved alike before moving it', () => {
    const kernel = ops.input('kernel', [2, 3])
    const turned = [1, 2].map((scale) =>
      ops.mul(ops.transpose(kernel, [1, 0]), ops.input(`y${scale}`, [3, 2])),
    )
    const [byKernel] = gradients(ops.reduceSum(ops.add(turned[0], turned[1])), [kernel])
    const order = topologicalOrder([byKernel])
    assert.equal(order.filter(({ op }) => op.name === 'Transpose').length, 1)
    assert.equal(byKernel.op.name, 'Transpose')
  })

  it('refuse a loss that is not a scalar', () => {
    assert.throws(() => gradients(x, [x]), {
      name: 'RangeError',
      message: /scalar loss, got shape \[4\]/,
    })
  })

  it('refuse a free batch axis on the way, and allow one beside it', () => {
    const free = ops.input('free', [FREE, 4])
    assert.throws(() => gradients(ops.reduceMean(ops.mul(free, x)), [x]), {
      name: 'RangeError',
      message: /concrete axes/,
    })
    assert.equal(gradients(ops.reduceSum(ops.mul(x, x)), [x]).length, 1)
  })

  const undifferentiable: Readonly<Record<string, (value: Node) => Node>> = {
    Cast: (value) => ops.toFloat(ops.greater(value, ops.constant(0))),
    SliceAt: (value) =>
      ops.sliceAt(value, ops.constant({ shape: [1], data: BigInt64Array.of(1n) }), 2),
    GridSample: (value) =>
      ops.gridSample(ops.reshape(value, [1, 1, 2, 2]), ops.input('grid', [1, 2, 2, 2]), 'zeros'),
    AffineGrid: (value) =>
      ops.affineGrid(
        ops.reshape(ops.concat([value, ops.vector([0, 1])], 0), [1, 2, 3]),
        [1, 1, 2, 2],
      ),
  }
  for (const [name, build] of Object.entries(undifferentiable)) {
    it(`refuse to pass through ${name}`, () => {
      assert.throws(() => gradients(ops.reduceSum(build(x)), [x]), {
        name: 'TypeError',
        message: new RegExp(`got ${name}, which has no derivative`),
      })
    })
  }
})
