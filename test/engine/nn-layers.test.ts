import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  averagePoolLayer,
  binaryCrossEntropy,
  convolutionLayer,
  denseLayer,
  flattenLayer,
  globalAverageLayer,
  groupNormalisationLayer,
  type Layer,
  leakyReluLayer,
  maxPoolLayer,
  reluLayer,
  reshapeLayer,
  sequential,
  sigmoidLayer,
  softmaxCrossEntropy,
  squaredError,
  upsampledConvolutionLayer,
  upsampleLayer,
} from '../../src/engine/index.ts'
import { assertGolden, type Build } from './golden-derivatives.ts'
import { goldenTraining } from './golden-training.ts'

const layers: Readonly<Record<string, Layer>> = {
  relu: reluLayer,
  sigmoid: sigmoidLayer,
  'leaky relu': leakyReluLayer,
  'max pool 2': maxPoolLayer(2),
  'average pool 2': averagePoolLayer(2),
  'global average': globalAverageLayer,
  'upsample 3': upsampleLayer(3),
  flatten: flattenLayer,
  reshape: reshapeLayer([8, 15]),
  dense: denseLayer(5, 4),
  convolution: convolutionLayer({ inChannels: 4, outChannels: 3 }),
  'convolution, 5×5, stride 2': convolutionLayer({
    inChannels: 4,
    outChannels: 3,
    kernel: 5,
    stride: 2,
  }),
  'convolution, no padding': convolutionLayer({ inChannels: 4, outChannels: 3, padding: 0 }),
  'upsampled convolution': upsampledConvolutionLayer({ inChannels: 4, outChannels: 3 }),
  'group normalisation': groupNormalisationLayer(4, 2),
  'two layers one after the other': sequential([denseLayer(5, 4), reluLayer, denseLayer(4, 2)]),
}

const losses: Readonly<Record<string, Build>> = {
  'binary cross-entropy': binaryCrossEntropy,
  'squared error': squaredError,
  'softmax cross-entropy': softmaxCrossEntropy,
}

describe('layers and losses', () => {
  it('have a golden case each', () => {
    const names = [...Object.keys(layers), ...Object.keys(losses)]
    assert.deepEqual(names.toSorted(), Object.keys(goldenTraining.layers).toSorted())
  })

  for (const [name, layer] of Object.entries(layers)) {
    it(`give PyTorch's result and derivatives: ${name}`, async () => {
      const golden = goldenTraining.layers[name]
      assert.deepEqual(
        layer.parameters.map(({ shape }) => shape),
        golden.inputs.slice(1).map(({ shape }) => shape),
      )
      await assertGolden((x, ...parameters) => layer.apply(x, parameters, {}), golden)
    })
  }

  for (const [name, loss] of Object.entries(losses)) {
    it(`give PyTorch's result and derivatives: ${name}`, () =>
      assertGolden(loss, goldenTraining.layers[name]))
  }
})
