import { createRequire } from 'node:module'
import {
  binaryCrossEntropy,
  constantParameters,
  FREE,
  initialParameters,
  ops,
  splitTransposed,
  writeModel,
} from '../../src/engine/index.ts'
import {
  bottleneckArchitecture,
  recipeArchitecture,
  writeScorer,
} from '../../src/representations/index.ts'
import { createRandom, type Tensor, zeros } from '../../src/tensor/index.ts'

/** The shape the published architecture is for. */
export const SHAPE = { channels: 1, height: 28, width: 28 } as const

/** Parameters of the published architecture, and untrained values for them. */
export function recipeParameters(): Float32Array {
  const { encoder, decoder } = recipeArchitecture(SHAPE)
  return initialParameters([...encoder.parameters, ...decoder.parameters], 0)
}

/** The graphs that can be timed: the product's own on the recipe, the peers' work alone, and the product's default autoencoder. */
export const SCORERS = {
  product: () => writeScorer(recipeArchitecture(SHAPE), SHAPE, recipeParameters()),
  'loss-only': lossScorer,
  default: defaultScorer,
} as const

/** What a detector that was told nothing scores 28×28 images with, untrained. */
function defaultScorer(): Uint8Array {
  const architecture = bottleneckArchitecture(SHAPE)
  const { encoder, decoder } = architecture
  const parameters = initialParameters([...encoder.parameters, ...decoder.parameters], 0)
  return writeScorer(architecture, SHAPE, parameters)
}

/** The peers' work and no more: the reconstruction and the per-image loss. */
function lossScorer(): Uint8Array {
  const { encoder, decoder } = recipeArchitecture(SHAPE)
  const images = ops.input('images', [FREE, SHAPE.channels, SHAPE.height, SHAPE.width])
  const values = constantParameters(recipeParameters(), [
    ...encoder.parameters,
    ...decoder.parameters,
  ])
  const count = encoder.parameters.length
  const representation = encoder.apply(images, values.slice(0, count), {})
  const logits = decoder.apply(representation, values.slice(count), {})
  const loss = ops.reduceMean(binaryCrossEntropy(logits, images), [1, 2, 3])
  return writeModel({
    name: 'loss-scorer',
    inputs: [images],
    outputs: splitTransposed({ loss, reconstruction: ops.sigmoid(logits) }),
  })
}

/** Random batches, N×1×28×28 uniform in [0, 1): the pace doesn't depend on what is in the images. */
export function randomBatches(count: number, size: number): Tensor[] {
  const random = createRandom(1)
  return Array.from({ length: count }, () => {
    const batch = zeros([size, SHAPE.channels, SHAPE.height, SHAPE.width])
    for (let i = 0; i < batch.data.length; i++) batch.data[i] = random.uniform()
    return batch
  })
}

/** Version of the runtime that does the arithmetic. */
export function runtimeVersion(): string {
  const manifest = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
    version: string
  }
  return `ONNX Runtime ${manifest.version}`
}
