import { FILE_COLUMNS } from '../file-properties.ts'
import { tensor } from '../tensor/index.ts'
import type { ImageBatch, ImageRecord, ImageShape } from './image-source.ts'
import type { Placed, PreparedItem } from './prepare-item.ts'
import { writePixels } from './raw-pixels.ts'

/** Rows a batch has room for at first, unless they are small: then for so many values. */
const FIRST_ROWS = 64
const FIRST_VALUES = 1 << 22

/** An image that was read, and its number in its source. */
export type ReadImage = Exclude<Placed<PreparedItem>, { error: unknown }>

/** Channels, height and width of an image. */
export function shapeOf(image: ReadImage): ImageShape {
  return 'row' in image ? image.shape : image.pixels.shape
}

/** A batch that is being filled. */
export type OpenBatch = {
  add(image: ReadImage): void
  close(): ImageBatch
}

/** Starts a batch of at most `batchSize` images. */
export function openBatch(shape: ImageShape, batchSize: number): OpenBatch {
  const { channels, height, width } = shape
  const columns = FILE_COLUMNS.length
  const records: ImageRecord[] = []
  const places: number[] = []
  const files = new Float32Array(batchSize * columns)
  const memory = rowMemory(shape, batchSize)
  return {
    add(image) {
      const { record, file, place } = image
      const row = records.length
      memory.set(row, image)
      files.set(file.row, row * columns)
      records.push(file.camera === undefined ? record : { ...record, camera: file.camera })
      places.push(place)
    },
    close() {
      const count = records.length
      return {
        pixels: tensor([count, channels, height, width], memory.take(count)),
        records,
        places,
        files: tensor([count, columns], files.slice(0, count * columns)),
      }
    },
  }
}

type Values = Float32Array<ArrayBuffer>

type RowMemory = {
  /** Puts an image into the row behind those that are there. */
  set(row: number, image: ReadImage): void
  /** The first `count` rows. */
  take(count: number): Values
}

/** Rows of pixels. Where all of them came in one piece of memory, that is theirs, and nothing is copied. */
function rowMemory({ channels, height, width }: ImageShape, batchSize: number): RowMemory {
  const size = channels * height * width
  let given: ArrayBuffer | undefined
  let own: Values = new Float32Array()
  const isNext = (row: number, image: ReadImage): boolean =>
    'row' in image &&
    (row === 0 || image.row.buffer === given) &&
    image.row.byteOffset === row * size * image.row.BYTES_PER_ELEMENT
  /** Grown by doubling: a few large images must not claim the memory of a full batch. */
  const grow = (rows: number, from: Values): void => {
    const first = Math.max(FIRST_ROWS, Math.floor(FIRST_VALUES / size))
    const larger = new Float32Array(Math.min(Math.max(first, 2 * rows), batchSize) * size)
    larger.set(from)
    own = larger
  }
  return {
    set(row, image) {
      if (isNext(row, image) && 'row' in image) {
        given = image.row.buffer
        return
      }
      if (given !== undefined) {
        grow(row + 1, new Float32Array(given, 0, row * size))
        given = undefined
      }
      if ((row + 1) * size > own.length) grow(row, own)
      const target = own.subarray(row * size, (row + 1) * size)
      if ('row' in image) target.set(image.row)
      else writePixels(image.pixels, channels, target)
    },
    take(count) {
      const values = given === undefined ? own : new Float32Array(given)
      return count * size === values.length ? values : values.slice(0, count * size)
    },
  }
}
