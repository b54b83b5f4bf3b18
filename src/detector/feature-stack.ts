import type { ImageShape } from '../images/index.ts'
import {
  type Autoencoder,
  type Classifier,
  type ClassifierSettings,
  combineRepresentations,
  concatenateColumns,
  createImageProperties,
  type FeatureColumn,
  type FeatureTable,
  fitAutoencoder,
  type FitAutoencoderOptions,
  fitOutlierScore,
  fitPrincipalComponents,
  loadAutoencoder,
  loadClassifier,
  loadImageProperties,
  loadOutlierScore,
  loadPrincipalComponents,
  openClassifier,
  type OutlierScore,
  type PrincipalComponents,
  type Representation,
  selectColumns,
  tableOf,
} from '../representations/index.ts'
import { sliceRows, type Tensor } from '../tensor/index.ts'
import type { FitSettings } from './options.ts'
import type { Splits } from './splits.ts'

/** Everything that is measured of an image: one row of named numbers, and its reconstruction. */
export type FeatureStack = {
  readonly columns: readonly FeatureColumn[]
  readonly autoencoder: Autoencoder
  /** Pixels N×C×H×W to N × columns.length values, row-major. */
  transform(pixels: Tensor): Promise<Float32Array>
  save(): ReadonlyMap<string, Uint8Array>
  close(): Promise<void>
}

/** The settings of a fit that shape the features. */
export type StackSettings = Pick<
  FitSettings,
  'seed' | 'preset' | 'epochs' | 'tolerate' | 'device' | 'threads' | 'checkpoint'
>

export type FitStackOptions = Pick<FitAutoencoderOptions, 'signal' | 'onProgress'> & {
  readonly classifier?: ClassifierInput
}

/** The user's own ONNX classifier, and how images are prepared for it. */
export type ClassifierInput = Omit<ClassifierSettings, 'shape'> & { readonly model: Uint8Array }

/** Learns every representation from the training and validation parts. */
export async function fitFeatureStack(
  splits: Splits,
  settings: StackSettings,
  options: FitStackOptions,
): Promise<FeatureStack> {
  const { training, validation } = splits
  const { seed } = settings
  // First of all: a model that doesn't fit the images is found before the training.
  const classifier =
    options.classifier === undefined
      ? undefined
      : await openClassifier(options.classifier.model, {
          ...options.classifier,
          shape: shapeOf(training),
        })
  const autoencoder = await fitAutoencoder({
    training,
    validation,
    ...autoencoderSettings(settings),
    ...options,
  })
  const properties = createImageProperties(shapeOf(training))
  const components = fitPrincipalComponents({ training, seed })
  const parts = { autoencoder, properties, components, classifier }
  // Scores of training images would be too good: the autoencoder knows them.
  const outlier = fitOutlierScore(numbersOf(await measureAll(parts, validation)), { seed })
  return stack({ ...parts, outlier })
}

type Parts = {
  readonly autoencoder: Autoencoder
  readonly properties: Representation
  readonly components: PrincipalComponents
  readonly classifier: Classifier | undefined
}

/** All columns but the predicted class, which is no quantity. */
function numbersOf(table: FeatureTable): FeatureTable {
  return selectColumns(table, ({ group }) => group !== 'prediction')
}

const MEASURED_AT_ONCE = 500
/** The file that tells a stack with a classifier from one without. */
const CLASSIFIER_FILE = 'classifier.onnx'

async function measureAll(parts: Parts, pixels: Tensor) {
  const combined = combine(parts)
  const rows = pixels.shape[0]
  const values = new Float32Array(rows * combined.columns.length)
  for (let start = 0; start < rows; start += MEASURED_AT_ONCE) {
    const part = sliceRows(pixels, start, Math.min(start + MEASURED_AT_ONCE, rows))
    values.set(await combined.transform(part), start * combined.columns.length)
  }
  return tableOf(combined.columns, values)
}

function combine(parts: Parts): Representation {
  return combineRepresentations(present(parts))
}

function present({ autoencoder, properties, components, classifier }: Parts): Representation[] {
  const always = [autoencoder, properties, components]
  return classifier === undefined ? always : [...always, classifier]
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

/** Rebuilds what `save` wrote. */
export async function loadFeatureStack(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<FeatureStack> {
  return stack({
    autoencoder: await loadAutoencoder(files),
    properties: loadImageProperties(files),
    components: loadPrincipalComponents(files),
    classifier: files.has(CLASSIFIER_FILE) ? await loadClassifier(files) : undefined,
    outlier: loadOutlierScore(files),
  })
}

function stack(parts: Parts & { readonly outlier: OutlierScore }): FeatureStack {
  const { autoencoder, components, classifier, outlier } = parts
  const base = combine(parts)
  return {
    columns: [...base.columns, ...outlier.columns],
    autoencoder,
    transform: async (pixels) => {
      const values = await base.transform(pixels)
      const scores = tableOf(
        outlier.columns,
        await outlier.score(numbersOf(tableOf(base.columns, values)).values),
      )
      return concatenateColumns([tableOf(base.columns, values), scores]).values
    },
    save: () => new Map(savedFiles([...present(parts), outlier])),
    close: async () => {
      for (const part of [autoencoder, components, outlier, classifier]) await part?.close()
    },
  }
}

function* savedFiles(
  parts: readonly Pick<Representation, 'save'>[],
): Generator<readonly [string, Uint8Array]> {
  for (const part of parts) yield* part.save()
}
