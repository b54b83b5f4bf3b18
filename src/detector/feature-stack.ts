import type { ImageShape } from '../images/index.ts'
import {
  type Autoencoder,
  combineRepresentations,
  createImageProperties,
  type FeatureColumn,
  fitAutoencoder,
  type FitAutoencoderOptions,
  loadAutoencoder,
  loadImageProperties,
  type Representation,
} from '../representations/index.ts'
import type { Tensor } from '../tensor/index.ts'
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
  const autoencoder = await fitAutoencoder({
    training,
    validation,
    ...autoencoderSettings(settings),
    ...options,
  })
  return stack(autoencoder, [createImageProperties(shapeOf(training))])
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
  return { channels: channels!, height: height!, width: width! }
}

/** Rebuilds what `save` wrote. */
export async function loadFeatureStack(files: ReadonlyMap<string, Uint8Array>): Promise<FeatureStack> {
  return stack(await loadAutoencoder(files), [loadImageProperties(files)])
}

function stack(autoencoder: Autoencoder, others: readonly Representation[]): FeatureStack {
  const parts = [autoencoder, ...others]
  const combined = combineRepresentations(parts)
  return {
    columns: combined.columns,
    autoencoder,
    transform: combined.transform,
    save: () => new Map(parts.flatMap((part) => [...part.save()])),
    close: () => autoencoder.close(),
  }
}
