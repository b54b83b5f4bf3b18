import { hasFiles } from '../file-properties.ts'
import {
  decodingRule,
  type ImageSource,
  modelOutputNamesOf,
  type SideInputs,
  tallySkipped,
} from '../images/index.ts'
import type { Tensor } from '../tensor/index.ts'
import type { Extractor } from './extractor.ts'
import { sideInputsOf } from './side-inputs.ts'
import { hashImages } from './image-hashes.ts'
import { requireModelOutputs } from './match-model-outputs.ts'
import {
  columnIndex,
  type MeasuredSource,
  type Measurements,
  noMeasurements,
  periodOf,
  sumExactly,
} from './values/index.ts'

export type MeasureOptions = {
  /** Stop at the first image that can't be read, instead of counting it. Default false. */
  readonly strict?: boolean | undefined
  /** Ends the measuring with DriftError('cancelled') once it is aborted. Default: nothing does. */
  readonly signal?: AbortSignal | undefined
  /** Which batches of the source to measure, by their number from 0: shards of one source. Default: all. */
  readonly isChosen?: ((batch: number) => boolean) | undefined
}

/** Number of a last part that holds no image, but what was skipped since the one before. */
const BEYOND_ALL = Number.MAX_SAFE_INTEGER

/** What was measured of one batch of images. */
export type MeasuredBatch = Measurements & {
  /** Number of the batch in its source, from 0; beyond all where it is what was skipped at the end. */
  readonly number: number
}

/** Columns and places of some images, both at once. */
async function measureImages(
  extractor: Extractor,
  pixels: Tensor,
  sideInputs: SideInputs,
): Promise<Pick<Measurements, 'values' | 'places'>> {
  const measuring = extractor.transform(pixels, sideInputs)
  const own = extractor.places?.measure(pixels)
  return { values: await measuring, places: own }
}

/** Measures the images of a source batch by batch, in memory that does not grow with them. */
export async function* measure(
  extractor: Extractor,
  source: ImageSource,
  { strict = false, signal, isChosen }: MeasureOptions = {},
): AsyncGenerator<MeasuredBatch> {
  const { shape, resize, depth } = extractor
  const by = { extractorId: extractor.id, columns: extractor.columns }
  const lossColumn = columnIndex(extractor.columns, 'loss')
  const { location, kind } = source
  const own: MeasuredSource = { location, kind, decoding: decodingRule() }
  let areFiles = false
  let skipped = tallySkipped()
  let notes: string[] = []
  const sinceLast = (): Pick<Measurements, 'skipped' | 'notes' | 'sources'> => {
    const taken = {
      skipped: skipped.taken(),
      notes,
      sources: [areFiles ? { ...own, files: true as const } : own],
    }
    skipped = tallySkipped()
    notes = []
    return taken
  }
  let [number, read] = [-1, 0]
  for await (const batch of source.batches({
    shape,
    resize,
    depth,
    strict,
    isChosen,
    onSkip: (image) => skipped.add(image),
    onNote: (note) => notes.push(note),
    signal,
  })) {
    number = batch.number ?? number + 1
    const { pixels, records, places = records.map((_, i) => read + i) } = batch
    const sideInputs = sideInputsOf(batch)
    read += records.length
    if (batch.number === undefined && isChosen?.(number) === false) continue
    requireModelOutputs(extractor.neededOutputs, sideInputs, location)
    areFiles ||= sideInputs.files !== undefined && hasFiles(sideInputs.files.data)
    const measured = await measureImages(extractor, pixels, sideInputs)
    const hashes = hashImages(pixels)
    const width = extractor.columns.length
    yield {
      ...by,
      number,
      images: records.map((record, i) => ({ record, place: places[i], hash: hashes[i] })),
      ...measured,
      count: records.length,
      loss: sumExactly(records.map((_, i) => measured.values[i * width + lossColumn])),
      period: periodOf(records),
      modelOutputs: modelOutputNamesOf(sideInputs),
      ...sinceLast(),
    }
  }
  const rest = sinceLast()
  if (rest.skipped.total + rest.notes.length > 0)
    yield { ...noMeasurements(by), ...rest, number: BEYOND_ALL }
}
