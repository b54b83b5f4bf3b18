import type { ImageShape } from '../images/index.ts'
import {
  type Autoencoder,
  combineRepresentations,
  concatenateColumns,
  createImageProperties,
  type FeatureColumn,
  fitAutoencoder,
  type FitAutoencoderOptions,
  fitOutlierScore,
  fitPrincipalComponents,
  loadAutoencoder,
  loadImageProperties,
  loadOutlierScore,
  loadPrincipalComponents,
  type OutlierScore,
  type Representation,
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

export type FitStackOptions = Pick<FitAutoencoderOptions, 'signal' | 'onProgress'>

/** Learns every representation from the training and validation parts. */
export async function fitFeatureStack(
  splits: Splits,
  settings: FitSettings,
  options: FitStackOptions,
): Promise<FeatureStack> {
  const { training, validation } = splits
  const { seed } = settings
  const autoencoder = await fitAutoencoder({
    training,
    validation,
    ...autoencoderSettings(settings),
    ...options,
  })
  const properties = createImageProperties(shapeOf(training))
  const components = fitPrincipalComponents({ training, seed })
  const parts = { autoencoder, properties, components }
  // Scores of training images would be too good: the autoencoder knows them.
  const outlier = fitOutlierScore(await measureAll(parts, validation), { seed })
  return stack({ ...parts, outlier })
}

type Parts = {
  readonly autoencoder: Autoencoder
  readonly properties: Representation
  readonly components: Representation
}

const MEASURED_AT_ONCE = 500

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

function combine({ autoencoder, properties, components }: Parts): Representation {
  return combineRepresentations([autoencoder, properties, components])
}

function autoencoderSettings(settings: FitSettings) {
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
    outlier: loadOutlierScore(files),
  })
}

function stack(parts: Parts & { readonly outlier: OutlierScore }): FeatureStack {
  const { autoencoder, properties, components, outlier } = parts
  const base = combine(parts)
  return {
    columns: [...base.columns, ...outlier.columns],
    autoencoder,
    transform: async (pixels) => {
      const values = await base.transform(pixels)
      const scores = tableOf(outlier.columns, outlier.score(values))
      return concatenateColumns([tableOf(base.columns, values), scores]).values
    },
    save: () =>
      new Map([autoencoder, properties, components, outlier].flatMap((part) => [...part.save()])),
    close: () => autoencoder.close(),
  }
}
