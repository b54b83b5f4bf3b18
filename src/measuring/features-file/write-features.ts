import { createParquetWriter, type ParquetValues } from '../../parquet/index.ts'
import {
  foldMeasurements,
  type MeasuredBy,
  type MeasuredImage,
  type Measurements,
} from '../values/index.ts'
import {
  featureColumn,
  FEATURES_FORMAT,
  type FeaturesHeader,
  fileColumns,
  METADATA_KEY,
  PLACE_COLUMN,
} from './columns.ts'

/** A Parquet file of measurements that is being written, a row an image. */
export type FeaturesWriter = {
  add(part: Measurements): void
  /** Ends the file. */
  finish(): void
}

/** Rows of a group: what is held while writing. Of every group whoever reads holds some 80 kB of description. */
const GROUP_ROWS = 1 << 14

/** Starts a file; the same parts are the same bytes. */
export function createFeaturesWriter(path: string, by: MeasuredBy): FeaturesWriter {
  const writer = createParquetWriter(path, fileColumns(by))
  const width = by.columns.length
  const fold = foldMeasurements(by)
  let images: MeasuredImage[] = []
  let places: (Uint8Array | undefined)[] = []
  const values = new Float32Array(GROUP_ROWS * width)
  const flush = (): void => {
    if (images.length > 0) writer.writeRows(columnsOf(by, { images, values, places }))
    images = []
    places = []
  }
  return {
    add(part) {
      fold.add({ ...part, images: [], values: new Float32Array(), places: undefined })
      const cells = (part.places?.length ?? 0) / part.images.length
      part.images.forEach((image, i) => {
        values.set(part.values.subarray(i * width, (i + 1) * width), images.length * width)
        const own = part.places?.slice(i * cells, (i + 1) * cells)
        places.push(own && new Uint8Array(own.buffer))
        images.push(image)
        if (images.length === GROUP_ROWS) flush()
      })
    },
    finish() {
      flush()
      const { images: _, values: __, places: ___, loss, ...rest } = fold.taken()
      const header: FeaturesHeader = {
        format: FEATURES_FORMAT,
        ...rest,
        loss: {
          count: String(loss.count),
          sum: String(loss.sum),
          squares: String(loss.squares),
          unbounded: String(loss.unbounded),
        },
      }
      writer.finish({ [METADATA_KEY]: JSON.stringify(header) })
    },
  }
}

function columnsOf(
  { columns }: MeasuredBy,
  {
    images,
    values,
    places,
  }: {
    readonly images: readonly MeasuredImage[]
    readonly values: Float32Array
    readonly places: (Uint8Array | undefined)[]
  },
): Map<string, ParquetValues> {
  const width = columns.length
  const text = (of: (image: MeasuredImage) => string | undefined) => images.map(of)
  return new Map<string, ParquetValues>([
    ['id', text(({ record }) => record.id)],
    ['place', Int32Array.from(images, ({ place }) => place)],
    ['hash', Float64Array.from(images, ({ hash }) => hash)],
    ['label', text(({ record }) => record.label)],
    ['timestamp', text(({ record }) => record.timestamp)],
    ['camera', text(({ record }) => record.camera)],
    ['prediction', text(({ record }) => record.prediction)],
    ['attributes', text(({ record }) => record.attributes && JSON.stringify(record.attributes))],
    [PLACE_COLUMN, places],
    ...columns.map(
      ({ name }, k) =>
        [
          featureColumn(name),
          Float32Array.from(images, (_, row) => values[row * width + k]),
        ] as const,
    ),
  ])
}
