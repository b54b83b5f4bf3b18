import { sliceRows } from '../tensor/index.ts'
import type { ImageBatch, ImageSource } from './image-source.ts'
import { DEFAULT_BATCH_SIZE } from './item-source.ts'
import { mapSideInputs } from './model-outputs/model-outputs.ts'

/** The first `limit` readable images of a source; those skipped on the way do not count. */
export function limitImages(source: ImageSource, limit: number): ImageSource {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RangeError(`expected a positive whole limit, got ${limit}`)
  }
  const { kind, location, count } = source
  return {
    kind,
    location,
    count: count === undefined ? undefined : Math.min(count, limit),
    batches: async function* batches(options): AsyncGenerator<ImageBatch> {
      let missing = limit
      const batchSize = Math.min(options.batchSize ?? DEFAULT_BATCH_SIZE, limit)
      for await (const batch of source.batches({ ...options, batchSize })) {
        if (batch.records.length > missing) {
          yield firstOf(batch, missing)
          return
        }
        missing -= batch.records.length
        yield batch
        if (missing === 0) return
      }
    },
  }
}

function firstOf(
  { pixels, records, modelOutputs, files, places }: ImageBatch,
  count: number,
): ImageBatch {
  return {
    pixels: sliceRows(pixels, 0, count),
    records: records.slice(0, count),
    modelOutputs: modelOutputs && mapSideInputs(modelOutputs, (rows) => sliceRows(rows, 0, count)),
    files: files && sliceRows(files, 0, count),
    places: places?.slice(0, count),
  }
}
