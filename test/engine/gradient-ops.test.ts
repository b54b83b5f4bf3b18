import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Node,
  type OpName,
  ops,
  opTable,
  topologicalOrder,
} from '../../src/engine/graph/index.ts'
import { gradients, openSession, writeModel } from '../../src/engine/index.ts'
import { createRandom, elementCount, tensor, type Tensor } from '../../src/tensor/index.ts'
import { drawTensor } from './graph-evaluate.ts'

/** A call of the op: the shapes of its inputs, their range, and the node. */
type Sample = {
  readonly shapes: readonly (readonly number[])[]
  readonly range?: readonly [number, number]
  readonly build: (...inputs: readonly Node[]) => Node
}

const unary = (build: (x: Node) => Node, range?: readonly [number, number]): Sample => ({
  shapes: [[2, 3]],
  ...(range === undefined ? {} : { range }),
  build,
})

const binary = (build: (a: Node, b: Node) => Node): Sample => ({
  shapes: [
    [2, 3],
    [2, 1],
  ],
  build,
})

/** Clear of the corner at 0. */
const positive = [0.3, 2] as const

/** One call per op; an op without one is a compile error. `null`: the op has no derivative. */
const samples: Readonly<Record<OpName, readonly Sample[] | null>> = {
  Input: [unary((x) => x)],
  Constant: [unary((x) => ops.mul(x, ops.vector([1, -2, 3])))],
  Add: [binary(ops.add)],
  Sub: [binary(ops.sub)],
  Mul: [binary(ops.mul), unary((x) => ops.mul(x, x))],
  Div: [{ ...binary(ops.div), range: positive }],
  Max: [binary(ops.max)],
  Min: [binary(ops.min)],
  Neg: [unary(ops.neg)],
  Exp: [unary(ops.exp)],
  Log: [unary(ops.log, positive)],
  Sqrt: [unary(ops.sqrt, positive)],
  Abs: [unary(ops.abs, positive), unary(ops.abs, [-2, -0.3])],
  Sign: [unary(ops.sign, positive)],
  Relu: [unary(ops.relu)],
  LeakyRelu: [unary((x) => ops.leakyRelu(x, 0.3))],
  Sigmoid: [unary(ops.sigmoid)],
  Tanh: [unary(ops.tanh)],
  Softplus: [unary(ops.softplus)],
  Greater: null,
  GreaterOrEqual: null,
  Equal: null,
  Where: [
    {
      shapes: [[2, 3], [3]],
      build: (a, b) => ops.where(ops.greater(a, ops.constant(0.1)), ops.mul(a, a), b),
    },
  ],
  Cast: null,
  ReduceSum: [unary((x) => ops.reduceSum(x, [0])), unary((x) => ops.reduceSum(x))],
  ReduceMean: [unary((x) => ops.reduceMean(x, [-1], true))],
  ReduceMax: [unary((x) => ops.reduceMax(x, [1]))],
  Reshape: [unary((x) => ops.reshape(x, [3, 2]))],
  Expand: [unary((x) => ops.expand(ops.reshape(x, [2, 1, 3]), [4, 2, 5, 3]))],
  Transpose: [{ shapes: [[2, 3, 4]], build: (x) => ops.transpose(x, [2, 0, 1]) }],
  Concat: [
    {
      shapes: [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
      build: (...parts) => ops.concat(parts, 1),
    },
  ],
  Pad: [unary((x) => ops.pad(x, [1, 0], [0, 2])), unary((x) => ops.pad(x, [0, -1], [1, 3]))],
  DepthToSpace: [{ shapes: [[1, 8, 2, 1]], build: (x) => ops.depthToSpace(x, 2) }],
  SpaceToDepth: [{ shapes: [[1, 2, 4, 2]], build: (x) => ops.spaceToDepth(x, 2) }],
  Resize: [{ shapes: [[1, 2, 2, 3]], build: (x) => ops.upsampleNearest(x, 2) }],
  Slice: [
    {
      shapes: [[3, 7]],
      build: (x) => ops.slice(x, { axes: [1, 0], starts: [1, 1], ends: [6, 3], steps: [2, 1] }),
    },
    {
      shapes: [[7]],
      build: (x) => ops.slice(x, { axes: [0], starts: [0], ends: [7], steps: [3] }),
    },
  ],
  SliceAt: null,
  Flip: [unary((x) => ops.flip(x, [1]))],
  MatMul: [
    {
      shapes: [
        [2, 3],
        [3, 4],
      ],
      build: (a, b) => ops.matMul(a, b),
    },
    {
      shapes: [
        [3, 2],
        [5, 4, 3],
      ],
      build: (a, b) => ops.matMul(a, b, { transposeA: true, transposeB: true }),
    },
  ],
  Softmax: [unary(ops.softmax)],
  LogSoftmax: [unary(ops.logSoftmax)],
  Conv: [
    {
      shapes: [[2, 2, 4, 5], [3, 2, 3, 3], [3]],
      build: (x, w, bias) => ops.convolution(x, w, { padding: 1, bias }),
    },
    {
      shapes: [
        [1, 2, 7, 6],
        [2, 2, 3, 2],
      ],
      build: (x, w) => ops.convolution(x, w, { stride: 2 }),
    },
    {
      shapes: [[1, 9, 4, 3], [4, 9, 3, 3], [4]],
      build: (x, w, bias) => ops.convolution(x, w, { padding: 1, bias }),
    },
    {
      shapes: [
        [1, 7, 5, 6],
        [8, 7, 3, 4],
      ],
      build: (x, w) => ops.convolution(x, w, { stride: 2, padding: 1 }),
    },
  ],
  ConvTranspose: [
    {
      shapes: [[2, 3, 3, 2], [3, 2, 4, 4], [2]],
      build: (x, w, bias) => ops.convolutionTranspose(x, w, { stride: 2, padding: 1, bias }),
    },
    {
      shapes: [
        [1, 2, 3, 3],
        [2, 8, 3, 3],
      ],
      build: (x, w) => ops.convolutionTranspose(x, w),
    },
  ],
  MaxPool: [{ shapes: [[1, 2, 5, 4]], build: (x) => ops.maxPool(x, 2) }],
  AveragePool: [{ shapes: [[1, 2, 5, 7]], build: (x) => ops.averagePool(x, 3) }],
  AffineGrid: null,
  GridSample: null,
}

const STEP = 1 / 128
const TOLERANCE = 2e-3

/** Derivatives of Σ result·weights by every input value, from the rules and from (f(x + h) − f(x − h)) / 2h. */
async function bothWays({ shapes, range = [-2, 2], build }: Sample): Promise<[number[], number[]]> {
  const random = createRandom(11)
  const inputs = shapes.map((shape, i) => ops.input(`x${i}`, shape))
  const result = build(...inputs)
  const weights = drawTensor(random, result.shape)
  const loss = ops.reduceSum(ops.mul(result, ops.constant(weights)))
  const parts = gradients(loss, inputs).map((part, i) => [`d${i}`, part] as const)
  const model = writeModel({
    name: 'check',
    inputs,
    outputs: { result, ...Object.fromEntries(parts) },
  })
  const session = await openSession(model, { threads: 1 })
  const at = shapes.map((shape) => drawTensor(random, shape, [...range]))
  const feed = (values: readonly Tensor[]) =>
    Object.fromEntries(values.map((value, i) => [`x${i}`, value]))
  const lossAt = async (values: readonly Tensor[]) => {
    const { result: value } = await session.run(feed(values), ['result'])
    return value.data.reduce((sum, y, i) => sum + y * weights.data[i], 0)
  }
  const measured: number[] = []
  for (const [i, { shape, data }] of at.entries()) {
    for (let k = 0; k < elementCount(shape); k++) {
      const moved = (by: number) =>
        at.map((value, j) =>
          j === i
            ? tensor(
                shape,
                data.map((x, m) => (m === k ? x + by : x)),
              )
            : value,
        )
      measured.push(((await lossAt(moved(STEP))) - (await lossAt(moved(-STEP)))) / (2 * STEP))
    }
  }
  const exact = await session.run(feed(at))
  await session.close()
  return [parts.flatMap(([name]) => Array.from(exact[name].data)), measured]
}

describe('derivative rules', () => {
  for (const [name, calls] of Object.entries(samples)) {
    if (calls === null) {
      it(`are stated to be missing for ${name}`, () => {
        assert.equal(opTable[name as OpName].gradient, null)
      })
      continue
    }
    for (const [i, sample] of calls.entries()) {
      it(`agree with central differences for ${name}, call ${i + 1}`, async () => {
        const built = sample.build(...sample.shapes.map((shape, k) => ops.input(`x${k}`, shape)))
        assert.ok(
          topologicalOrder([built]).some(({ op }) => op.name === name),
          'the sample calls the op',
        )
        const [exact, measured] = await bothWays(sample)
        assert.equal(exact.length, measured.length)
        exact.forEach((value, k) => {
          const difference = Math.abs(value - measured[k])
          assert.ok(
            difference <= TOLERANCE * Math.max(1, Math.abs(value)),
            `${k}: rule ${value}, measured ${measured[k]}`,
          )
        })
      })
    }
  }
})
