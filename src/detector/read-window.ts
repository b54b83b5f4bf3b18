import {
  type GivenVectors,
  type ImageRecord,
  type ImageShape,
  type ImageSource,
  vectorNamesOf,
  type PixelDepth,
  type ResizePolicy,
  tallySkipped,
  type VectorName,
} from '../images/index.ts'
import { createRandom, type Tensor } from '../tensor/index.ts'
import {
  addValue,
  createRecogniser,
  NO_MOMENTS,
  type Recogniser,
  type WindowImages,
  type WindowRow,
} from '../judging/index.ts'
import { hashImages } from '../measuring/index.ts'
import { createRowStore } from './fitting/row-store.ts'

/** Rows the window test looks at; of a larger batch a random sample of this size. */
export const LARGEST_WINDOW = 10_000
const ROWS_AT_FIRST = 250

export type ReadWindowOptions = {
  readonly shape: ImageShape
  readonly resize: ResizePolicy
  /** As for `BatchOptions`. */
  readonly depth?: PixelDepth | undefined
  readonly strict: boolean
  readonly seed: number
  readonly columnCount: number
  readonly lossColumn: number
  /** Says which images the detector knows; without it all are new. */
  readonly recogniser?: Recogniser
  readonly transform: (pixels: Tensor, given: GivenVectors) => Promise<Float32Array>
  readonly signal?: AbortSignal
  readonly onRead?: (read: number) => void
  /** Called for each batch of images as it is measured, in reading order. */
  readonly onFeatures?: (records: readonly ImageRecord[], values: Float32Array) => void
}

/** Measures a batch once through; memory is bounded by the window, not by the batch. */
export async function readWindow(
  source: ImageSource,
  options: ReadWindowOptions,
): Promise<WindowImages> {
  const { columnCount, lossColumn, recogniser = createRecogniser(), signal } = options
  const skipped = tallySkipped()
  const notes: string[] = []
  const random = createRandom(options.seed)
  const rows: WindowRow[] = []
  const features = createRowStore(columnCount, ROWS_AT_FIRST)
  let loss = NO_MOMENTS
  let count = 0
  let names: readonly VectorName[] = []
  const batches = source.batches({
    shape: options.shape,
    resize: options.resize,
    depth: options.depth,
    strict: options.strict,
    onSkip: (image) => skipped.add(image),
    onNote: (note) => notes.push(note),
    ...(signal === undefined ? {} : { signal }),
  })
  for await (const { pixels, records, given = {} } of batches) {
    names = vectorNamesOf(given)
    const hashes = hashImages(pixels)
    const origins = recogniser.look(hashes)
    const values = await options.transform(pixels, given)
    records.forEach((record, i) => {
      const row = values.subarray(i * columnCount, (i + 1) * columnCount)
      loss = addValue(loss, row[lossColumn])
      const place = count < LARGEST_WINDOW ? count : random.integer(count + 1)
      if (place < LARGEST_WINDOW) {
        rows[place] = { record, position: count, hash: hashes[i], origin: origins[i] }
        features.put(place, row)
      }
      count++
    })
    options.onFeatures?.(records, values)
    options.onRead?.(count)
  }
  // Later images took the places of earlier ones.
  const order = [...rows.keys()].toSorted((a, b) => rows[a].position - rows[b].position)
  return {
    rows: order.map((place) => rows[place]),
    values: features.take(Uint32Array.from(order)),
    loss,
    count,
    origins: recogniser.counts(),
    skipped: skipped.taken(),
    notes,
    given: names,
  }
}
