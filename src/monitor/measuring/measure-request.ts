import { comparesPlaces, type Detector } from '../../detector/index.ts'
import {
  encodedImages,
  type ImageBatch,
  type ImageSource,
  makeThumbnail,
  MODEL_OUTPUT_NAMES,
  type ModelOutputRow,
  takeFromBatch,
} from '../../images/index.ts'
import { type AlignedRow, alignRows } from './aligned-rows.ts'
import type { DetectorShelf } from './detector-shelf.ts'
import type {
  ImageToMeasure,
  MeasureAnswer,
  MeasuredOne,
  MeasureRequest,
} from './measuring-messages.ts'

/** Decodes and measures images; one that can't be read is named. Throws where what came beside them does not fit. */
export async function measureRequest(
  { detector: wanted, images, pixelLimit, thumbnails }: MeasureRequest,
  shelf: DetectorShelf,
): Promise<MeasureAnswer> {
  const detector = await shelf.take(wanted.id, wanted.artifact)
  if (detector === undefined) return 'needs-detector'
  const source = encodedImages(
    images.map((image) => ({
      record: image.record,
      encoded: image.bytes,
      modelOutputs: outputsOf(image, detector),
    })),
    { pixelLimit },
  )
  const found = new Map<number, MeasuredOne>()
  const aligned = alignedSource(source, images)
  const keepsPlaces = comparesPlaces(detector.baseline)
  for await (const part of detector.measure(aligned.source)) {
    const width = part.columns.length
    const cells = (part.places?.length ?? 0) / part.images.length
    aligned.rows().forEach(({ index, isFiller }, row) => {
      if (isFiller) return
      const { record, hash } = part.images[row]
      const numbers = part.values.slice(row * width, (row + 1) * width)
      const places = keepsPlaces ? part.places?.slice(row * cells, (row + 1) * cells) : undefined
      const place = aligned.places()[index]
      found.set(place, { number: images[place].number, record, hash, numbers, places })
    })
    for (const { place = 0, code, message } of part.skipped.named) {
      found.set(place, { number: images[place].number, code, message })
    }
  }
  const measured = images.map((image, i) => found.get(i) ?? unread(image))
  return { images: thumbnails ? await withThumbnails(measured, images, pixelLimit) : measured }
}

/** What a small picture can't be made of has none. */
async function withThumbnails(
  measured: readonly MeasuredOne[],
  images: readonly ImageToMeasure[],
  pixelLimit: number,
): Promise<MeasuredOne[]> {
  return Promise.all(
    measured.map(async (one, i) => {
      if ('code' in one) return one
      const { bytes, record } = images[i]
      const thumbnail = await makeThumbnail(bytes, record.id, { pixelLimit }).catch(() => undefined)
      return { ...one, thumbnail }
    }),
  )
}

function unread({ number, record }: ImageToMeasure): MeasuredOne {
  return { number, code: 'image.undecodable', message: `could not read ${record.id}` }
}

/** Only what the detector needs: other outputs may differ from image to image. */
function outputsOf({ outputs, record }: ImageToMeasure, detector: Detector): ModelOutputRow {
  const needed = detector.extractor.neededOutputs
  return Object.fromEntries(
    MODEL_OUTPUT_NAMES.flatMap((name) => {
      const values = needed[name] === undefined ? undefined : outputs[name]
      if (values === undefined) return []
      return [[name, { values: Float32Array.from(values), where: `${name} of ${record.id}` }]]
    }),
  )
}

/** The source with its rows in their places; of the batch that was read last which rows these are, and of which images. */
function alignedSource(source: ImageSource, images: readonly ImageToMeasure[]) {
  let rows: readonly AlignedRow[] = []
  let places: readonly number[] = []
  return {
    rows: () => rows,
    places: () => places,
    source: {
      ...source,
      // On this thread alone: others of this process would not be ended by its limits any sooner.
      batches: async function* batches(options): AsyncGenerator<ImageBatch> {
        const batchSize = Math.max(1, images.length)
        for await (const batch of source.batches({ ...options, batchSize, threads: 1 })) {
          places = batch.places ?? batch.records.map((_, i) => i)
          rows = alignRows(places.map((place) => images[place].ordinal))
          yield takeFromBatch(
            batch,
            rows.map(({ index }) => index),
          )
        }
      },
    } satisfies ImageSource,
  }
}
