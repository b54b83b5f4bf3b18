import { tensor } from '../tensor/index.ts'
import type { ImageBatch, ImageRecord, ImageShape } from './image-source.ts'
import { writePixels, type RawPixels } from './raw-pixels.ts'

/** Rows a batch has room for at first. */
const FIRST_ROWS = 64

/** A batch that is being filled. */
export type OpenBatch = {
  /** `place` is the image's number in its source. */
  add(record: ImageRecord, pixels: RawPixels, place: number): void
  close(): ImageBatch
}

/** Starts a batch of at most `batchSize` images. */
export function openBatch(shape: ImageShape, batchSize: number): OpenBatch {
  const { channels, height, width } = shape
  const rowSize = channels * height * width
  const records: ImageRecord[] = []
  const places: number[] = []
  // Grown by doubling: a few large images must not claim the memory of a full batch.
  let data = new Float32Array(Math.min(batchSize, FIRST_ROWS) * rowSize)
  return {
    add(record, pixels, place) {
      if ((records.length + 1) * rowSize > data.length) {
        const larger = new Float32Array(Math.min(2 * records.length, batchSize) * rowSize)
        larger.set(data)
        data = larger
      }
      const at = records.length * rowSize
      writePixels(pixels, channels, data.subarray(at, at + rowSize))
      records.push(record)
      places.push(place)
    },
    close() {
      const used = records.length * rowSize
      const values = used === data.length ? data : data.slice(0, used)
      return { pixels: tensor([records.length, channels, height, width], values), records, places }
    },
  }
}
