import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Node, ops, topologicalOrder } from '../../src/engine/graph/index.ts'
import { FREE, splitTransposed } from '../../src/engine/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { assertClose, drawTensor, evaluate } from './graph-evaluate.ts'

const countOf = (name: string, outputs: Readonly<Record<string, Node>>): number =>
  topologicalOrder(Object.values(outputs)).filter(({ op }) => op.name === name).length

type Options = { readonly kernel: number; readonly stride: number; readonly padding: number }

const transposed = ({ kernel, stride, padding }: Options, batch = 2): Record<string, Node> => {
  const weights = ops.input('weights', [3, 16, kernel, kernel])
  const bias = ops.input('bias', [16])
  const image = ops.input('image', [batch, 3, 4, 5])
  return { result: ops.convolutionTranspose(image, weights, { stride, padding, bias }) }
}

const feeds = ({ kernel }: Options) => {
  const random = createRandom(8)
  return {
    weights: drawTensor(random, [3, 16, kernel, kernel]),
    bias: drawTensor(random, [16]),
    image: drawTensor(random, [2, 3, 4, 5]),
  }
}

describe('transposed convolutions', () => {
  for (const options of [
    { kernel: 4, stride: 2, padding: 1 },
    { kernel: 3, stride: 1, padding: 1 },
    { kernel: 3, stride: 1, padding: 0 },
    { kernel: 5, stride: 3, padding: 1 },
    { kernel: 6, stride: 2, padding: 2 },
  ]) {
    const { kernel, stride, padding } = options
    it(`split into ${stride ** 2} for kernel ${kernel}, stride ${stride}, padding ${padding}, give the same`, async () => {
      const whole = transposed(options)
      const parts = splitTransposed(whole)
      assert.equal(countOf('ConvTranspose', parts), 0)
      assert.equal(countOf('Conv', parts), stride ** 2)
      const [expected, got] = [
        await evaluate(whole, feeds(options)),
        await evaluate(parts, feeds(options)),
      ]
      assertClose(got['result'], expected['result'], 2e-6)
    })
  }

  it('split with a free batch axis too', async () => {
    const options = { kernel: 4, stride: 2, padding: 1 }
    const parts = splitTransposed(transposed(options, FREE))
    assert.deepEqual(parts['result'].shape, [FREE, 16, 8, 10])
    const [expected, got] = [
      await evaluate(transposed(options), feeds(options)),
      await evaluate(parts, feeds(options)),
    ]
    assertClose(got['result'], expected['result'], 2e-6)
  })

  it('stay whole where their phases differ in size or would need a crop', () => {
    for (const options of [
      { kernel: 3, stride: 2, padding: 1 },
      { kernel: 2, stride: 2, padding: 1 },
      { kernel: 1, stride: 2, padding: 0 },
    ]) {
      assert.equal(countOf('ConvTranspose', splitTransposed(transposed(options))), 1)
    }
  })

  it('stay whole with few filters', () => {
    const few = ops.convolutionTranspose(
      ops.input('x', [1, 4, 3, 3]),
      ops.input('w', [4, 8, 4, 4]),
      {
        stride: 2,
        padding: 1,
      },
    )
    assert.equal(splitTransposed({ few })['few'], few)
  })
})
