import { FILE_COLUMNS, type FileFacts, fileRow } from '../file-properties.ts'
import { tensor } from '../tensor/index.ts'
import type { ImageBatch, ImageRecord, ImageShape } from './image-source.ts'
import { writePixels, type RawPixels } from './raw-pixels.ts'

/** Rows a batch has room for at first. */
const FIRST_ROWS = 64

/** An image that was read, and its number in its source. */
export type ReadImage = {
  readonly record: ImageRecord
  readonly pixels: RawPixels
  readonly facts: FileFacts
  readonly place: number
}

/** A batch that is being filled. */
export type OpenBatch = {
  add(image: ReadImage): void
  close(): ImageBatch
}

/** Starts a batch of at most `batchSize` images. */
export function openBatch(shape: ImageShape, batchSize: number): OpenBatch {
  const { channels, height, width } = shape
  const rowSize = channels * height * width
  const records: ImageRecord[] = []
  const places: number[] = []
  const files: number[] = []
  // Grown by doubling: a few large images must not claim the memory of a full batch.
  let data = new Float32Array(Math.min(batchSize, FIRST_ROWS) * rowSize)
  return {
    add({ record, pixels, facts, place }) {
      if ((records.length + 1) * rowSize > data.length) {
        const larger = new Float32Array(Math.min(2 * records.length, batchSize) * rowSize)
        larger.set(data)
        data = larger
      }
      const at = records.length * rowSize
      writePixels(pixels, channels, data.subarray(at, at + rowSize))
      const { camera } = facts
      records.push(camera === undefined ? record : { ...record, camera })
      places.push(place)
      files.push(...fileRow(facts))
    },
    close() {
      const used = records.length * rowSize
      const values = used === data.length ? data : data.slice(0, used)
      const count = records.length
      return {
        pixels: tensor([count, channels, height, width], values),
        records,
        places,
        files: tensor([count, FILE_COLUMNS.length], Float32Array.from(files)),
      }
    },
  }
}
