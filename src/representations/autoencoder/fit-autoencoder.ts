import {
  adadelta,
  adam,
  type Augmentation,
  binaryCrossEntropy,
  constantSchedule,
  graphAugmentation,
  type GraphAugmentation,
  oneCycleSchedule,
  ops,
  type Optimizer,
  type Schedule,
  type SessionOptions,
  train,
  type TrainingProgress,
  type TrainingTask,
} from '../../engine/index.ts'
import type { ImageShape } from '../../images/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { type Architecture, bottleneckArchitecture, recipeArchitecture } from './architecture.ts'
import { type Autoencoder, openAutoencoder } from './autoencoder.ts'
import { writeScorer } from './scorer.ts'

/** `default`: a small code, trained fast; `recipe`: the published 28×28 model and its training, exactly. */
export type AutoencoderPreset = 'default' | 'recipe'

export type FitAutoencoderOptions = SessionOptions & {
  /** N×C×H×W in [0, 1]. */
  readonly training: Tensor
  /** Decides which epoch is kept. */
  readonly validation: Tensor
  readonly seed: number
  readonly preset?: AutoencoderPreset | undefined
  /** Default: enough for about 150,000 images seen, 5 to 40; the recipe's is 10. */
  readonly epochs?: number | undefined
  /** Random changes the reconstruction should learn to take in its stride. */
  readonly augmentation?: Augmentation | undefined
  /** File that lets a killed run resume. */
  readonly checkpoint?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
}

type Plan = {
  readonly architecture: Architecture
  readonly optimizer: Optimizer
  readonly schedule: Schedule
  readonly epochs: number
  readonly batchSize: number
  /** Standard deviation of added noise where nothing else is asked for. */
  readonly noise: number
  readonly patience?: number | undefined
}

const IMAGES_TO_SEE = 150_000
const BATCH_SIZE = 128

function planFor(shape: ImageShape, rows: number, options: FitAutoencoderOptions): Plan {
  if (options.preset === 'recipe') {
    return {
      architecture: recipeArchitecture(shape),
      optimizer: adadelta({ rho: 0.95 }),
      schedule: constantSchedule(1),
      epochs: 10,
      batchSize: BATCH_SIZE,
      noise: 0.5,
    }
  }
  return {
    architecture: bottleneckArchitecture(shape),
    optimizer: adam(),
    schedule: oneCycleSchedule({ peak: 3e-3 }),
    epochs: Math.min(40, Math.max(5, Math.round(IMAGES_TO_SEE / rows))),
    // A small set still gets a useful number of steps.
    batchSize: Math.max(8, Math.min(BATCH_SIZE, 2 ** Math.floor(Math.log2(rows / 16)))),
    noise: 0.1,
    patience: 8,
  }
}

/** Learns to reconstruct the training images from their noisy copies; keeps the epoch that validates best. */
export async function fitAutoencoder(options: FitAutoencoderOptions): Promise<Autoencoder> {
  const { training, validation } = options
  const [rows, channels, height, width] = training.shape as [number, number, number, number]
  const shape = { channels, height, width }
  const plan = planFor(shape, rows, options)
  const noise = options.augmentation?.noise ?? plan.noise
  const augmentation = graphAugmentation({ ...options.augmentation, noise }, shape)
  const result = await train(reconstructionTask(plan.architecture, shape, augmentation), {
    ...options,
    ...plan,
    epochs: options.epochs ?? plan.epochs,
    training: { images: training },
    validation: { images: validation },
  })
  const model = writeScorer(plan.architecture, shape, result.parameters)
  return openAutoencoder({ model, history: result.history, bestEpoch: result.bestEpoch }, options)
}

/** Noisy images in, the loss of their reconstruction against the clean ones out. */
export function reconstructionTask(
  { encoder, decoder }: Architecture,
  { channels, height, width }: ImageShape,
  augmentation: GraphAugmentation,
): TrainingTask {
  return {
    parameters: [...encoder.parameters, ...decoder.parameters],
    inputs: { images: [channels, height, width] },
    draws: augmentation,
    loss: (inputs, parameters, context) => {
      const target =
        context.noise === undefined
          ? inputs['images']
          : augmentation.transform(inputs['images'], inputs)
      const seen = augmentation.corrupt(target, context.noise)
      const representation = encoder.apply(
        seen,
        parameters.slice(0, encoder.parameters.length),
        context,
      )
      const logits = decoder.apply(
        representation,
        parameters.slice(encoder.parameters.length),
        context,
      )
      return ops.reduceMean(binaryCrossEntropy(logits, target))
    },
  }
}
