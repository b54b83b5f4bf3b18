import type { ImageShape, PixelDepth } from '../../images/index.ts'
import {
  type ClassifierInput,
  type FitAutoencoderOptions,
  type Learning,
  type Representation,
  REPRESENTATION_KINDS,
  selectColumns,
} from '../../representations/index.ts'
import {
  createExtractor,
  extractOnThreads,
  type Extractor,
  measureQuantities,
} from '../../measuring/index.ts'
import { isModelGroup } from '../../measuring/values/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { FitSettings } from '../settings/options.ts'
import type { LearningImages } from './splits.ts'

/** The settings of a fit that shape the extractor. */
export type ExtractorSettings = Pick<
  FitSettings,
  'seed' | 'resize' | 'preset' | 'epochs' | 'tolerate' | 'device' | 'threads' | 'checkpoint'
>

export type FitExtractorOptions = Pick<FitAutoencoderOptions, 'signal' | 'onProgress'> & {
  readonly classifier?: ClassifierInput | undefined
  /** Bits of a channel that images are rounded to; without it they keep their own. */
  readonly depth?: PixelDepth | undefined
  /** Whether the files that images come in are looked at; default false. */
  readonly hasFiles?: boolean | undefined
  /** Whether the outlier score takes in what the user's model says; default true. */
  readonly scoreOutputs?: boolean | undefined
}

/** Learns every representation from training and validation images; those of the reference can't be handed in. */
export async function fitExtractor(
  { training, validation }: LearningImages,
  settings: ExtractorSettings,
  { classifier, depth, hasFiles = false, scoreOutputs = true, ...watch }: FitExtractorOptions,
): Promise<Extractor> {
  const shape = shapeOf(training.pixels)
  const parts = await fitParts({
    training,
    validation,
    shape,
    seed: settings.seed,
    trainer: { ...trainerSettings(settings), ...watch },
    classifier,
    hasFiles,
    quantities: async (fitted) => {
      const all = await measureQuantities(fitted, validation.pixels, validation.sideInputs)
      return scoreOutputs ? all : selectColumns(all, ({ group }) => !isModelGroup(group))
    },
    measure: (fitted, pixels = validation.pixels) => measureQuantities(ofPixels(fitted), pixels),
  })
  return extractOnThreads(
    createExtractor(parts, { shape, resize: settings.resize, depth }),
    // Elsewhere than on the processor a second session would want the same device.
    { threads: settings.device === 'cpu' ? settings.threads : 1 },
  )
}

/** Those that look at pixels alone, and at no model of the user's. */
function ofPixels(fitted: readonly Representation[]): Representation[] {
  return fitted.filter(
    ({ needs, columns }) =>
      needs.of === 'pixels' && !columns.some(({ group }) => isModelGroup(group)),
  )
}

type Inputs = Omit<Learning, 'quantities' | 'measure'> & {
  readonly quantities: (fitted: readonly Representation[]) => ReturnType<Learning['quantities']>
  readonly measure: (
    fitted: readonly Representation[],
    pixels?: Tensor,
  ) => ReturnType<Learning['measure']>
}

/** A representation of every kind that there is something to make of, in the order of their columns. */
async function fitParts({ quantities, measure, ...inputs }: Inputs): Promise<Representation[]> {
  const fitted = new Map<string, Representation>()
  const inOrder = () => REPRESENTATION_KINDS.flatMap(({ name }) => fitted.get(name) ?? [])
  const { first = [], later = [] } = Object.groupBy(REPRESENTATION_KINDS, ({ isFirst }) =>
    isFirst === true ? 'first' : 'later',
  )
  try {
    for (const kind of [...first, ...later]) {
      const one = await kind.fit({
        ...inputs,
        quantities: () => quantities(inOrder()),
        measure: (pixels) => measure(inOrder(), pixels),
      })
      if (one !== undefined) fitted.set(kind.name, one)
    }
    return inOrder()
  } catch (error) {
    for (const one of fitted.values()) await one.close?.()
    throw error
  }
}

function trainerSettings(settings: ExtractorSettings) {
  const { preset, epochs, tolerate, device, threads, checkpoint } = settings
  return { preset, device, augmentation: tolerate, epochs, threads, checkpoint }
}

function shapeOf({ shape: [, channels, height, width] }: Tensor): ImageShape {
  return { channels, height, width }
}
