import { DriftError } from '../../errors.ts'
import type { ImageRecord } from '../../images/index.ts'
import { openParquet, type ParquetTable, type RowRange } from '../../parquet/index.ts'
import {
  columnIndex,
  type ExactSums,
  type Measurements,
  noMeasurements,
  periodOf,
  sumExactly,
} from '../values/index.ts'
import {
  featureColumn,
  FEATURES_FORMAT,
  type FeaturesHeader,
  METADATA_KEY,
  PLACE_COLUMN,
  RECORD_COLUMNS,
} from './columns.ts'

/** A file of measurements, and what it says of itself. */
export type FeaturesFile = Pick<FeaturesHeader, 'extractorId' | 'columns' | 'count' | 'sources'> & {
  /** A part for every few thousand rows, in their order: together all that was measured. */
  parts(): AsyncIterable<Measurements>
}

/** Opens a file of measurements; undefined where it is none. Throws DriftError on a damaged or newer one. */
export async function openFeatures(path: string): Promise<FeaturesFile | undefined> {
  const table = await openParquet(path).catch(() => undefined)
  const text = table?.metadata.get(METADATA_KEY)
  if (table === undefined || text === undefined) return undefined
  const header = parseHeader(text)
  if (header.format > FEATURES_FORMAT) {
    throw new DriftError(
      'artifact.version',
      `expected measurements of format ${FEATURES_FORMAT} or older, got format ${header.format}: ${path}`,
      { hint: 'Update pixeldrift.' },
    )
  }
  const { extractorId, columns, count, sources } = header
  return { extractorId, columns, count, sources, parts: () => readParts(path, table, header) }
}

/** Files of before call the model outputs `given`. */
function parseHeader(text: string): FeaturesHeader {
  const { given, ...header } = JSON.parse(text) as FeaturesHeader & {
    readonly given?: FeaturesHeader['modelOutputs']
  }
  return given === undefined ? header : { ...header, modelOutputs: given }
}

async function* readParts(
  path: string,
  table: ParquetTable,
  header: FeaturesHeader,
): AsyncGenerator<Measurements> {
  const zero = noMeasurements(header)
  // Of a sample the file alone knows how many there were.
  const isWhole = table.rowCount === header.count
  for (const range of table.rowGroups.flatMap(inPieces)) {
    const rows = await readRows(table, header, range).catch((cause: unknown) => {
      throw new DriftError(
        'artifact.corrupt',
        `expected measurements, got a damaged file: ${path}`,
        {
          cause,
          hint: 'Measure the images again.',
        },
      )
    })
    const period = periodOf(rows.images.map(({ record }) => record))
    yield { ...zero, ...rows, period, ...(isWhole && countsOf(header, rows)) }
  }
  const { count, skipped, sources, notes, modelOutputs, period = null } = header
  const rest = isWhole ? {} : { count, loss: sumsOf(header), period }
  yield { ...zero, skipped, sources, notes, modelOutputs, ...rest }
}

/** Rows held at once, of however large a group. */
const ROWS_AT_ONCE = 4096

function inPieces({ start, end }: RowRange): RowRange[] {
  const pieces = Math.ceil((end - start) / ROWS_AT_ONCE)
  return Array.from({ length: pieces }, (_, i) => ({
    start: start + i * ROWS_AT_ONCE,
    end: Math.min(end, start + (i + 1) * ROWS_AT_ONCE),
  }))
}

type Rows = Pick<Measurements, 'images' | 'values' | 'places'>

function countsOf({ columns }: FeaturesHeader, { images, values }: Rows) {
  const lossColumn = columnIndex(columns, 'loss')
  const losses = images.map((_, row) => values[row * columns.length + lossColumn])
  return { count: images.length, loss: sumExactly(losses) }
}

function sumsOf({ loss }: FeaturesHeader): ExactSums {
  return {
    count: Number(loss.count),
    sum: BigInt(loss.sum),
    squares: BigInt(loss.squares),
    unbounded: Number(loss.unbounded),
  }
}

async function readRows(
  table: ParquetTable,
  { columns }: FeaturesHeader,
  range: RowRange,
): Promise<Rows> {
  const names = columns.map(({ name }) => featureColumn(name))
  const kept = keptColumns(table)
  const hasPlaces = namesOf(table).has(PLACE_COLUMN)
  const wanted = [...kept, ...(hasPlaces ? [PLACE_COLUMN] : []), ...names]
  const read = await table.readColumns(wanted, range)
  const column = (name: string): ArrayLike<unknown> => {
    const found = read.get(name)
    if (found?.length === range.end - range.start) return found
    throw new RangeError(`expected ${range.end - range.start} values of ${name}`)
  }
  const width = columns.length
  const values = new Float32Array((range.end - range.start) * width)
  names.forEach((name, k) => {
    const own = column(name) as ArrayLike<number>
    for (let row = 0; row < own.length; row++) values[row * width + k] = own[row]
  })
  const of = Object.fromEntries(kept.map((name) => [name, column(name)])) as {
    readonly [name in Exclude<RecordColumn, 'camera'>]: ArrayLike<unknown>
  } & { readonly camera?: ArrayLike<unknown> }
  const images = Array.from({ length: range.end - range.start }, (_, row) => ({
    record: recordOf({
      id: of.id[row],
      label: of.label[row],
      timestamp: of.timestamp[row],
      camera: of.camera?.[row],
      prediction: of.prediction[row],
      attributes: of.attributes[row],
    }),
    place: Number(of.place[row]),
    hash: Number(of.hash[row]),
  }))
  return { images, values, places: hasPlaces ? joinBytes(column(PLACE_COLUMN)) : undefined }
}

/** Nothing where any image has none. */
function joinBytes(all: ArrayLike<unknown>): Int8Array | undefined {
  const known = Array.from(all).flatMap((one) => (one instanceof Uint8Array ? one : []))
  if (known.length === 0 || known.length < all.length) return undefined
  const cells = known[0].length
  const places = new Int8Array(all.length * cells)
  known.forEach((bytes, row) => places.set(new Int8Array(bytes.slice().buffer), row * cells))
  return places
}

type RecordColumn = (typeof RECORD_COLUMNS)[number]['name']

/** Files of older versions know no cameras. */
function keptColumns(table: ParquetTable): RecordColumn[] {
  const stored = namesOf(table)
  return RECORD_COLUMNS.map(({ name }) => name).filter(
    (name) => name !== 'camera' || stored.has(name),
  )
}

function namesOf({ fields }: ParquetTable): ReadonlySet<string> {
  return new Set(fields.map(({ element }) => element.name))
}

type Stored = { readonly [name in keyof ImageRecord]-?: unknown }

function recordOf({ id, attributes, ...texts }: Stored): ImageRecord {
  const given = Object.entries(texts).filter(([, text]) => typeof text === 'string')
  return {
    id: String(id),
    ...(Object.fromEntries(given) as Pick<
      ImageRecord,
      'label' | 'timestamp' | 'camera' | 'prediction'
    >),
    ...(typeof attributes === 'string' && {
      attributes: JSON.parse(attributes) as Readonly<Record<string, string>>,
    }),
  }
}
