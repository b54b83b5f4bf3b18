import type { ParquetColumn } from '../../parquet/index.ts'
import type { ExactSums, MeasuredBy, Measurements } from '../values/index.ts'

/** Where a file of measurements says that it is one, and what it says beside its rows. */
export const METADATA_KEY = 'pixeldrift.measurements'

/** Version of the form of the file. */
export const FEATURES_FORMAT = 1

/** What is known of an image, beside its features. */
export const RECORD_COLUMNS = [
  { name: 'id', type: 'text' },
  { name: 'place', type: 'int32' },
  { name: 'hash', type: 'double' },
  { name: 'label', type: 'text' },
  { name: 'timestamp', type: 'text' },
  { name: 'camera', type: 'text' },
  { name: 'prediction', type: 'text' },
  { name: 'attributes', type: 'text' },
] as const satisfies readonly ParquetColumn[]

/** What is at each place of an image: bytes of whole steps. */
export const PLACE_COLUMN = 'places'

/** What a file says of its rows. */
export type FeaturesHeader = Pick<
  Measurements,
  'extractorId' | 'columns' | 'count' | 'skipped' | 'sources' | 'notes' | 'modelOutputs'
> & {
  readonly format: number
  /** Absent in files of before it was kept. */
  readonly period?: Measurements['period']
  /** Sums as decimal digits. */
  readonly loss: { readonly [name in keyof ExactSums]: string }
}

/** The name of a feature's column; none of a record's. */
export function featureColumn(name: string): string {
  return `feature.${name}`
}

/** All columns of a file, in order. */
export function fileColumns({ columns }: MeasuredBy): ParquetColumn[] {
  return [
    ...RECORD_COLUMNS,
    { name: PLACE_COLUMN, type: 'bytes' },
    ...columns.map(({ name }) => ({ name: featureColumn(name), type: 'float' as const })),
  ]
}
