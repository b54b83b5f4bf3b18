import type { Detector } from '../detector/index.ts'
import { throwIfCancelled } from '../errors.ts'
import type { ImageSource } from '../images/index.ts'
import { type FeaturesFile, foldMeasurements, type Measurements } from '../measuring/index.ts'
import type { CommandContext } from './context.ts'
import { partsOf } from './feature-arguments.ts'
import { createImageProgress } from './progress.ts'

/** What there is to know of a batch: its images, or what was measured of them before. */
export type BatchInput =
  | { readonly kind: 'images'; readonly source: ImageSource }
  | { readonly kind: 'features'; readonly files: readonly FeaturesFile[] }

/** How a batch is read, and who is told meanwhile. */
export type ReadMeasurementsOptions = {
  readonly context: CommandContext
  /** What the progress line says is done, and is being done. */
  readonly words: { readonly verb: string; readonly stage: string }
  readonly strict?: boolean | undefined
  /** Called with each part as it comes. */
  readonly onPart?: ((part: Measurements) => void) | undefined
}

/** All that is measured of a batch, in memory that its sample bounds. */
export async function readMeasurements(
  { extractor, measure }: Pick<Detector, 'extractor' | 'measure'>,
  batch: BatchInput,
  { context, words, strict, onPart }: ReadMeasurementsOptions,
): Promise<Measurements> {
  const { signal } = context
  const total = batch.kind === 'images' ? (batch.source.count ?? 0) : 0
  const progress = createImageProgress(context, { ...words, total })
  const fold = foldMeasurements({ extractorId: extractor.id, columns: extractor.columns })
  const parts =
    batch.kind === 'images' ? measure(batch.source, { strict, signal }) : partsOf(batch.files)
  let done = 0
  try {
    for await (const part of parts) {
      throwIfCancelled(signal)
      fold.add(part)
      onPart?.(part)
      done += part.images.length
      progress.update(done)
    }
  } finally {
    progress.clear()
  }
  return fold.taken()
}
