import type { GivenVectors, ImageShape } from '../../images/index.ts'
import {
  type ClassifierSettings,
  createGivenOutputs,
  createImageProperties,
  fitAutoencoder,
  type FitAutoencoderOptions,
  fitEmbeddingComponents,
  fitOutlierScore,
  fitPrincipalComponents,
  openClassifier,
  selectColumns,
} from '../../representations/index.ts'
import {
  createFeatureStack,
  type FeatureStack,
  measureQuantities,
  shareFeatureStack,
  type VectorRepresentations,
} from '../../measuring/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { FitSettings } from '../settings/options.ts'
import type { LearningImages } from './splits.ts'

/** The settings of a fit that shape the features. */
export type StackSettings = Pick<
  FitSettings,
  'seed' | 'preset' | 'epochs' | 'tolerate' | 'device' | 'threads' | 'checkpoint'
>

export type FitStackOptions = Pick<FitAutoencoderOptions, 'signal' | 'onProgress'> & {
  readonly classifier?: ClassifierInput
  /** Whether the outlier score takes in what the user's model says; default true. */
  readonly scoreOutputs?: boolean
}

/** The user's own ONNX classifier, and how images are prepared for it. */
export type ClassifierInput = Omit<ClassifierSettings, 'shape'> & { readonly model: Uint8Array }

/** Learns every representation from training and validation images; those of the reference can't be handed in. */
export async function fitFeatureStack(
  { training, validation }: LearningImages,
  settings: StackSettings,
  options: FitStackOptions,
): Promise<FeatureStack> {
  const { seed } = settings
  const shape = shapeOf(training.pixels)
  // First of all: a model that doesn't fit the images is found before the training.
  const classifier =
    options.classifier === undefined
      ? undefined
      : await openClassifier(options.classifier.model, {
          ...options.classifier,
          shape,
        })
  const autoencoder = await fitAutoencoder({
    training: training.pixels,
    validation: validation.pixels,
    ...autoencoderSettings(settings),
    ...options,
  })
  const properties = createImageProperties(shape)
  const components = fitPrincipalComponents({ training: training.pixels, seed })
  const vectors = fitVectors(training.given ?? {}, seed)
  const parts = { autoencoder, properties, components, classifier, ...vectors }
  // Scores of training images would be too good: the autoencoder knows them.
  const quantities = await measureQuantities(parts, validation.pixels, validation.given)
  const inputs =
    options.scoreOutputs === false
      ? selectColumns(quantities, ({ group }) => group !== 'classifier')
      : quantities
  const outlier = fitOutlierScore(inputs, { seed })
  return shareFeatureStack(
    createFeatureStack({ ...parts, outlier }),
    // Elsewhere than on the processor a second session would want the same device.
    definedOnly({ threads: settings.device === 'cpu' ? settings.threads : 1 }),
  )
}

function fitVectors(
  { probabilities, logits, embeddings }: GivenVectors,
  seed: number,
): VectorRepresentations {
  const outputs = probabilities ?? logits
  const kind = probabilities === undefined ? 'logits' : 'probabilities'
  return {
    outputs: outputs && createGivenOutputs({ kind, length: outputs.shape[1] }),
    embeddings: embeddings && fitEmbeddingComponents({ training: embeddings, seed }),
  }
}

function autoencoderSettings(settings: StackSettings) {
  const { seed, preset, epochs, tolerate, device, threads, checkpoint } = settings
  return {
    seed,
    preset,
    device,
    augmentation: definedOnly(tolerate),
    ...definedOnly({ epochs, threads, checkpoint }),
  }
}

/** Drops keys whose value is undefined, for options that may be absent but not undefined. */
function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

function shapeOf({ shape: [, channels, height, width] }: Tensor): ImageShape {
  return { channels, height, width }
}
