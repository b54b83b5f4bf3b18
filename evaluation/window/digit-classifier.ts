import {
  adam,
  constantParameters,
  convolutionLayer,
  denseLayer,
  dropoutLayer,
  flattenLayer,
  FREE,
  gradients,
  type Layer,
  maxPoolLayer,
  oneCycleSchedule,
  openSession,
  ops,
  reluLayer,
  sequential,
  softmaxCrossEntropy,
  train,
  writeModel,
} from '../../src/engine/index.ts'
import type { Tensor } from '../../src/tensor/index.ts'
import type { LabelledImages } from './parts.ts'

export type ClassifierFitOptions = {
  readonly classes: number
  readonly seed: number
  readonly threads: number
  readonly epochs: number
}

/** A small convolutional classifier's ONNX file, and one that adds the loss' derivative by the images. */
export type FittedClassifier = {
  /** `images` N×C×H×W to `logits` N×K. */
  readonly model: Uint8Array
  readonly attackModel: Uint8Array
  readonly attackBatch: number
}

const ATTACK_BATCH = 250
const HIDDEN = 64

/** Everything but the last layer. */
function body([channels, height, width]: readonly number[]): readonly Layer[] {
  const [h, w] = [Math.floor(height / 2), Math.floor(width / 2)]
  const pooled = [Math.floor(h / 2), Math.floor(w / 2)]
  return [
    convolutionLayer({ inChannels: channels, outChannels: 16 }),
    maxPoolLayer(2),
    reluLayer,
    convolutionLayer({ inChannels: 16, outChannels: 32 }),
    maxPoolLayer(2),
    reluLayer,
    flattenLayer,
    denseLayer(32 * pooled[0] * pooled[1], HIDDEN),
    reluLayer,
    dropoutLayer(0.3),
  ]
}

/** Trains on labelled images; about 99% right on MNIST after four epochs. */
export async function fitClassifier(
  training: LabelledImages,
  validation: LabelledImages,
  { classes, seed, threads, epochs }: ClassifierFitOptions,
): Promise<
  FittedClassifier & {
    readonly accuracy: number
    /** `model` with `embeddings` too: the N×64 activations that the logits are made of. */
    readonly embeddingModel: Uint8Array
  }
> {
  const shape = training.pixels.shape.slice(1)
  const layers = body(shape)
  const layer = sequential([...layers, denseLayer(HIDDEN, classes)])
  const arrays = ({ pixels, labels }: LabelledImages) => ({
    images: pixels,
    targets: oneHot(labels, classes),
  })
  const { parameters } = await train(
    {
      parameters: layer.parameters,
      inputs: { images: shape, targets: [classes] },
      loss: (inputs, values, context) =>
        ops.reduceMean(
          softmaxCrossEntropy(layer.apply(inputs['images'], values, context), inputs['targets']),
        ),
    },
    {
      training: arrays(training),
      validation: arrays(validation),
      epochs,
      seed,
      threads,
      optimizer: adam(),
      schedule: oneCycleSchedule({ peak: 3e-3 }),
    },
  )
  const values = constantParameters(parameters, layer.parameters)
  const images = ops.input('images', [FREE, ...shape])
  const logits = layer.apply(images, values, {})
  const hidden = sequential(layers)
  const embeddings = hidden.apply(images, values.slice(0, hidden.parameters.length), {})
  const fixed = ops.input('images', [ATTACK_BATCH, ...shape])
  const targets = ops.input('targets', [ATTACK_BATCH, classes])
  const loss = ops.reduceSum(softmaxCrossEntropy(layer.apply(fixed, values, {}), targets))
  const [gradient] = gradients(loss, [fixed])
  const model = writeModel({ name: 'classifier', outputs: { logits } })
  return {
    accuracy: await accuracyOf(model, validation),
    model,
    embeddingModel: writeModel({ name: 'classifier', outputs: { logits, embeddings } }),
    attackModel: writeModel({ name: 'attack', outputs: { gradient } }),
    attackBatch: ATTACK_BATCH,
  }
}

/** Labels as N×K zeros and ones. */
export function oneHot(labels: Uint8Array, classes: number): Tensor {
  const data = new Float32Array(labels.length * classes)
  labels.forEach((label, i) => (data[i * classes + label] = 1))
  return { shape: [labels.length, classes], data }
}

async function accuracyOf(model: Uint8Array, { pixels, labels }: LabelledImages): Promise<number> {
  const session = await openSession(model)
  const predicted = predictions((await session.run({ images: pixels }))['logits'])
  await session.close()
  return predicted.filter((label, row) => label === labels[row]).length / labels.length
}

/** The class of the largest score in each row. */
export function predictions({ shape: [rows, classes], data }: Tensor): number[] {
  return Array.from({ length: rows }, (_, row) => {
    const scores = data.subarray(row * classes, (row + 1) * classes)
    return scores.indexOf(Math.max(...scores))
  })
}
