import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { arrangeForDevice } from '../../src/engine/device-layout.ts'
import { type Node, ops, topologicalOrder } from '../../src/engine/graph/index.ts'
import { FREE, gradients } from '../../src/engine/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { assertClose, drawTensor, evaluate } from './graph-evaluate.ts'

type Sample = {
  readonly shapes: readonly (readonly number[])[]
  readonly build: (...inputs: readonly Node[]) => Node
}

/** The layout's blocks are 8 or 16 channels long: 32 fill them on every machine. */
const samples: Readonly<Record<string, Sample>> = {
  'a convolution with bias': {
    shapes: [[2, 32, 6, 5], [48, 32, 3, 3], [48]],
    build: (x, w, bias) => ops.convolution(x, w, { padding: 1, bias }),
  },
  'a strided convolution of odd sides': {
    shapes: [
      [2, 32, 7, 9],
      [32, 32, 3, 3],
    ],
    build: (x, w) => ops.convolution(x, w, { stride: 2, padding: 1 }),
  },
  'a convolution of one channel, pooled': {
    shapes: [[2, 1, 8, 6], [32, 1, 3, 3], [32]],
    build: (x, w, bias) => ops.relu(ops.maxPool(ops.convolution(x, w, { padding: 1, bias }), 2)),
  },
  'a pool that leaves a row over': {
    shapes: [
      [2, 1, 7, 6],
      [32, 1, 3, 3],
    ],
    build: (x, w) => ops.averagePool(ops.relu(ops.convolution(x, w, { padding: 1 })), 2),
  },
  'a transposed convolution of stride 2 and kernel 4': {
    shapes: [[2, 32, 3, 4], [32, 32, 4, 4], [32]],
    build: (x, w, bias) => ops.convolutionTranspose(x, w, { stride: 2, padding: 1, bias }),
  },
  'a transposed convolution of stride 3 and kernel 5': {
    shapes: [
      [1, 32, 4, 3],
      [32, 32, 5, 5],
    ],
    build: (x, w) => ops.convolutionTranspose(x, w, { stride: 3, padding: 1 }),
  },
  'a transposed convolution that needs a crop': {
    shapes: [
      [1, 32, 4, 4],
      [32, 32, 2, 2],
    ],
    build: (x, w) => ops.convolutionTranspose(x, w, { stride: 2, padding: 1 }),
  },
  'a transposed convolution to one channel': {
    shapes: [
      [2, 32, 3, 3],
      [32, 1, 4, 4],
    ],
    build: (x, w) =>
      ops.convolutionTranspose(ops.tanh(ops.convolution(x, ops.constant(eye()), {})), w, {
        stride: 2,
      }),
  },
  'upsampling, and elementwise ops of blocked and plain operands': {
    shapes: [
      [2, 32, 3, 4],
      [32, 32, 1, 1],
      [2, 32, 6, 8],
      [32, 1, 1],
    ],
    build: (...[x, w, plain, perChannel]) => {
      const grown = ops.upsampleNearest(ops.convolution(x, w), 2)
      const chosen = ops.where(
        ops.greater(grown, ops.constant(0)),
        ops.mul(grown, plain),
        ops.neg(plain),
      )
      return ops.add(ops.mul(chosen, perChannel), ops.leakyRelu(grown, 0.1))
    },
  },
  'channels that fill no block': {
    shapes: [[2, 20, 5, 5], [12, 20, 3, 3], [12]],
    build: (x, w, bias) => ops.convolution(x, w, { padding: 1, bias }),
  },
}

/** The 32 channels unchanged, as a 1×1 kernel. */
function eye() {
  const data = new Float32Array(32 * 32)
  for (let i = 0; i < 32; i++) data[i * 33] = 1
  return { shape: [32, 32, 1, 1], data }
}

const usesBlocks = (outputs: Readonly<Record<string, Node>>): boolean =>
  topologicalOrder(Object.values(outputs)).some(({ op }) => op.name === 'ReorderOutput')

const outputs = ({ shapes, build }: Sample): Record<string, Node> => {
  const inputs = shapes.map((shape, i) => ops.input(`x${i}`, shape))
  const result = build(...inputs)
  const weights = ops.constant(drawTensor(createRandom(3), result.shape))
  const parts = gradients(ops.reduceSum(ops.mul(result, weights)), inputs)
  return { result, ...Object.fromEntries(parts.map((part, i) => [`derivative-${i}`, part])) }
}

describe('graphs arranged for the CPU', () => {
  for (const [name, sample] of Object.entries(samples)) {
    it(`give the same numbers: ${name}, and its derivatives`, async () => {
      const plain = outputs(sample)
      const arranged = await arrangeForDevice(plain)
      const random = createRandom(5)
      const feeds = Object.fromEntries(
        sample.shapes.map((shape, i) => [`x${i}`, drawTensor(random, shape)]),
      )
      const [expected, got] = [await evaluate(plain, feeds), await evaluate(arranged, feeds)]
      for (const output of Object.keys(plain)) assertClose(got[output], expected[output], 1e-5)
    })
  }

  it('use the blocked layout for what fits it, and only there', async (t) => {
    const { 'a convolution with bias': fitting, 'channels that fill no block': other } = samples
    const arranged = await arrangeForDevice(outputs(fitting))
    if (!usesBlocks(arranged)) return t.skip('the runtime has no blocked layout on this machine')
    assert.ok(!usesBlocks(await arrangeForDevice(outputs(other))))
  })

  it('keep a free batch axis', async () => {
    const x = ops.input('x0', [FREE, 1, 8, 8])
    const w = ops.input('x1', [32, 1, 3, 3])
    const up = ops.input('x2', [32, 32, 4, 4])
    const pooled = ops.maxPool(ops.convolution(x, w, { padding: 1 }), 2)
    const plain = { result: ops.convolutionTranspose(pooled, up, { stride: 2, padding: 1 }) }
    const random = createRandom(6)
    const feeds = {
      x0: drawTensor(random, [3, 1, 8, 8]),
      x1: drawTensor(random, w.shape),
      x2: drawTensor(random, up.shape),
    }
    const [expected, got] = [
      await evaluate(plain, feeds),
      await evaluate(await arrangeForDevice(plain), feeds),
    ]
    assertClose(got['result'], expected['result'], 1e-5)
  })

  it('stay as they are for other devices', async () => {
    const plain = outputs(samples['a convolution with bias'])
    assert.equal(await arrangeForDevice(plain, 'cuda'), plain)
  })
})
