import {
  adam,
  denseLayer,
  oneCycleSchedule,
  ops,
  softmaxCrossEntropy,
  train,
  type TrainingTask,
} from '../../engine/index.ts'
import { createRandom, type Tensor, tensor } from '../../tensor/index.ts'

/** Encoded images and the class of each. */
export type LabelledRows = {
  readonly width: number
  readonly classes: number
  readonly rows: Float32Array
  readonly labels: Uint8Array
}

const EPOCHS = 12
/** Of the optimizer, where rows are few. */
const FEWEST_STEPS = 150
const MOST_EPOCHS = 100
const BATCH_SIZE = 128
const PEAK_RATE = 4e-3
/** Of the rows, to see which epoch tells the classes apart best. */
const VALIDATED = 0.1

/** Weights (width × classes, then offsets) of a multinomial logistic regression. */
export async function fitWeights(
  labelled: LabelledRows,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<Float32Array> {
  const { width, classes } = labelled
  const layer = denseLayer(width, classes)
  const task: TrainingTask = {
    // From zero on: nothing is expected of any column.
    parameters: layer.parameters.map((one) => ({ ...one, initial: { kind: 'fixed', value: 0 } })),
    inputs: { rows: [width], classes: [classes] },
    loss: (inputs, parameters, context) =>
      ops.reduceMean(
        softmaxCrossEntropy(layer.apply(inputs['rows'], parameters, context), inputs['classes']),
        [0],
      ),
  }
  const order = createRandom(seed).permutation(labelled.labels.length)
  const held = Math.max(1, Math.floor(VALIDATED * order.length))
  const trained = order.length - held
  const batchSize = Math.min(BATCH_SIZE, trained)
  const { parameters } = await train(task, {
    training: takeLabelled(labelled, order.subarray(held)),
    validation: takeLabelled(labelled, order.subarray(0, held)),
    epochs: Math.max(
      EPOCHS,
      Math.min(MOST_EPOCHS, Math.ceil((FEWEST_STEPS * batchSize) / trained)),
    ),
    batchSize,
    optimizer: adam(),
    schedule: oneCycleSchedule({ peak: PEAK_RATE }),
    seed,
    signal,
  })
  return parameters
}

function takeLabelled(
  { width, classes, rows, labels }: LabelledRows,
  chosen: Uint32Array,
): { rows: Tensor; classes: Tensor } {
  const own = new Float32Array(chosen.length * width)
  const oneHot = new Float32Array(chosen.length * classes)
  chosen.forEach((row, i) => {
    own.set(rows.subarray(row * width, (row + 1) * width), i * width)
    oneHot[i * classes + labels[row]] = 1
  })
  return {
    rows: tensor([chosen.length, width], own),
    classes: tensor([chosen.length, classes], oneHot),
  }
}
